"""The demo while it runs: fills the database, starts site and worker, tells what to open, ends in good order."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, NoReturn

from flask import Flask
from flask_babel import force_locale
from flask_security import hash_password
from sqlalchemy import select

from web import jobs, logs, rows, worker, world
from web.demo import staff
from web.demo.company import Company, company
from web.demo.neighbourhood import Built, build
from web.formatting import day
from web.letters.staff import list_ready
from web.rows import DueLetter, Proposal, Staff, db
from web.rows.groups import ProposalState
from web.services.groups import publishing
from web.services.outbox.event_facts import Links
from web.transaction import transaction

Say = Callable[[str], object]
Serve = Callable[..., object]
PROCESSES = 2
LOOK = 0.3


class Ended(Exception):
    """A part of the demo ended by itself."""


def show(app: Flask, host: str, port: int, serve: Serve, say: Say) -> None:
    """Run the demo until somebody stops it; `serve` answers visitors. Raises Ended if a part of it broke down."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    with app.app_context():
        built = build(db.session, world.settings(), world.vault(), world.now(), hash_password)
        db.session.close()
        db.engine.dispose()
    tasks: dict[str, tuple[Callable[[], object], int]] = {
        "site": (partial(_site, app, host, port, serve), signal.SIGINT),
        "worker": (partial(_worker, app), signal.SIGTERM),
    }
    try:
        with company(tasks) as started:
            _until(started, partial(_answers, host, port))
            _tell(app, built, say)
            _until(started, partial(_settled, app, built.talking_proposal))
            _publish(app, built, say)
            _until(started, lambda: False)
    except KeyboardInterrupt:
        say("\nStopped.")


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _site(app: Flask, host: str, port: int, serve: Serve) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    logs.install(level=logging.WARNING)
    serve(app, host, port, PROCESSES, level="warning")


def _worker(app: Flask) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    logs.install(level=logging.WARNING)
    worker.run(app)


def _until(started: Company, settled: Callable[[], bool]) -> None:
    while not settled():
        if name := started.ended(LOOK):
            raise Ended(f"the {name} of the demo ended by itself; see above")


def _answers(host: str, port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex((host, port)) == 0


def _settled(app: Flask, proposal: int) -> bool:
    with app.app_context():
        return db.session.get_one(Proposal, proposal).status not in (ProposalState.ASKED, ProposalState.WORKING)


def _tell(app: Flask, built: Built, say: Say) -> None:
    site, links = app.config["BASE_URL"], jobs.links_of(app)
    organiser, *others = (email for email, _, _ in staff.ACCOUNTS)
    say("A practice neighbourhood with made-up people. Ctrl-C stops it.\n")
    say(f"Resident     {site}/")
    say(f"             {links.resident(built.secret)}  (the page of somebody who signed up)")
    say(f"Organiser    {site}{app.config['SECURITY_LOGIN_URL']}")
    say(f"             account: {organiser}   password: {staff.PASSWORD}")
    say(f"             (the same password: {', '.join(others)})")
    say(f"Letters      {jobs.outbox_of(app).folder}")
    say("Facilitator  in a moment: the groups of tomorrow are being made")


def _publish(app: Flask, built: Built, say: Say) -> None:
    """What the organiser would do: publish the tables; and tell how the first facilitator comes in."""
    with app.app_context():
        proposal = db.session.get_one(Proposal, built.talking_proposal)
        if proposal.status == ProposalState.FAILED:
            say("Facilitator  the groups could not be made; see above")
            return
        by = db.session.get_one(Staff, built.organiser)
        plain: dict[str, Any] = {"settings": world.settings(), "vault": world.vault(), "now": world.now(), "reason": ""}
        with transaction(db.session):
            publishing.publish(db.session, proposal, by=by, version=proposal.version, **plain)
        lists = db.session.scalars(select(DueLetter).where(DueLetter.kind == list_ready.name)).all()
        # The worker may have been faster: then link and PIN stand in the letter, and nowhere else.
        doors = sorted(_door(letter, jobs.links_of(app)) for letter in lists if letter.content)
        say(doors[0][1] if doors else "Facilitator  see the letters")


def _door(letter: DueLetter, links: Links) -> tuple[datetime, str]:
    """When it is, and how a facilitator comes in."""
    person = db.session.get_one(rows.Facilitator, letter.facilitator_id)
    content = letter.content or {}
    evening = db.session.get_one(rows.TimeSlot, content["session_id"])
    with force_locale("nl"):
        whose = f"{person.name}, {day(evening.starts)}"
    link, pin = links.facilitator(content["secret"]), content["pin"]
    return evening.starts, f"Facilitator  {link}  PIN {pin}  ({whose})"
