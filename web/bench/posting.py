"""Sending the invitations of a large plan: how long one worker takes, and where that time goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from cProfile import Profile
from dataclasses import dataclass, replace
from importlib.util import find_spec
from inspect import unwrap
from pstats import Stats
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config import MailServer
from matcher.bench.table import Row
from web import jobs, world
from web.bench.letterbox import Letterbox, letterbox
from web.bench.server import HOST
from web.bench.town import Town, found, open_series, residents, sign_up_all, town
from web.channels.smtp import Smtp
from web.rows import DueLetter, Plan, PlanGroup, Project, Seat, Series, Signup, db
from web.rows.messages import LetterState
from web.services.invitations import reconciling
from web.services.outbox import delivery, packing

TABLE = 10
PARTS: dict[str, Callable[..., object]] = {
    "writing": packing.pack,
    "SMTP": Smtp.send,
    "taking in hand": delivery._claim,
    "all": delivery.send_due,
}
"""Functions by what they are called in the table. Taking a letter in hand happens while it is handed over."""
MISSING = "not measured: no aiosmtpd"


@dataclass(frozen=True, slots=True)
class PostingSize:
    """So many are invited, and so many more under the profiler."""

    people: int = 2000
    profiled: int = 200


def cases(size: PostingSize | None = None) -> Iterator[Row]:
    """From the plan to the last answer of the server; then the same for a few, with a profiler."""
    size = size or PostingSize()
    case, target = f"{size.people} invitations by one worker to an SMTP server", "<= 60 s; 0 lost, 0 double"
    if find_spec("aiosmtpd") is None:
        yield case, MISSING, target
        return
    with town() as here, post_office(here) as box, here.app.app_context():
        project = found(db.session)
        yield case, _told(here, box, project, size.people), target
        with Profile() as profile:
            invite(here, project, "nog-eens", size.profiled)
            jobs.send_due(here.app)
        yield f"the same for {size.profiled} under a profiler: where the time goes", _parts(profile), ""


@contextmanager
def post_office(here: Town) -> Iterator[Letterbox]:
    """A mail server that the town uses from now on."""
    with letterbox(here.folder) as box:
        settings = here.app.extensions[world.SETTINGS]
        here.app.extensions[world.SETTINGS] = replace(settings, mail=MailServer(HOST, box.port, "none"))
        yield box


def invite(here: Town, project: Project, slug: str, people: int, *, welcome: bool = False) -> float:
    """So many people, all by e-mail and all with a place, whose invitations wait; how long writing those down took.

    With `welcome` their welcome waits as well. Needs an application context.
    """
    session, now = db.session, world.now()
    series = open_series(session, project, slug, times=4, groups=-(-people // TABLE))
    crowd = (
        replace(one, answers=replace(one.answers, reach="email", email=f"{slug}{number}@meten.example"))
        for number, one in enumerate(residents(people, series.sessions))
    )
    sign_up_all(session, series, crowd, now, world.vault())
    if not welcome:
        session.execute(update(DueLetter).where(DueLetter.series_id == series.id).values(state=LetterState.SENT))
    _plan(session, series)
    begun = time.perf_counter()
    reconciling.reconcile(session, series, now)
    session.commit()
    return time.perf_counter() - begun


def _plan(session: Session, series: Series) -> None:
    owner = {"organisation_id": series.organisation_id, "project_id": series.project_id}
    plan = Plan(series_id=series.id, published_at=world.now(), seed=1, input_hash="", config_hash="", **owner)
    people = session.scalars(select(Signup.id).where(Signup.series_id == series.id).order_by(Signup.id)).all()
    for table, first in enumerate(range(0, len(people), TABLE)):
        evening = series.sessions[table % len(series.sessions)]
        group = PlanGroup(session_id=evening.id, number=table + 1, language="nl")
        group.seats = [Seat(signup_id=id) for id in people[first : first + TABLE]]
        plan.groups.append(group)
    session.add(plan)
    session.flush()


def _told(here: Town, box: Letterbox, project: Project, people: int) -> str:
    written = invite(here, project, "buurtfeest", people)
    begun = time.perf_counter()
    jobs.send_due(here.app)
    spent = time.perf_counter() - begun
    taken = box.numbers()
    lost, double = people - len(set(taken)), len(taken) - len(set(taken))
    return f"{spent:.1f} s, {people / spent:.0f} a second, after {written:.1f} s to write them down; " + (
        f"{lost} lost, {double} double"
    )


def _parts(profile: Profile) -> str:
    stats: dict[tuple[str, int, str], tuple[Any, ...]] = Stats(profile).stats  # type: ignore[attr-defined]
    spent = {
        part: stats[code.co_filename, code.co_firstlineno, code.co_name][3]
        for part, code in ((part, unwrap(function).__code__) for part, function in PARTS.items())
    }
    spent["SMTP"] -= spent["taking in hand"]
    whole = spent.pop("all")
    spent["the rest"] = whole - sum(spent.values())
    return ", ".join(f"{part} {100 * seconds / whole:.0f}%" for part, seconds in spent.items())
