"""After 'wis alles' nobody finds anything of somebody, in no byte of the instance folder: at once, and a year later."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import byte_search, mails, post
from tests.web import cast as casting
from tests.web import evening as evenings
from tests.web.cast import Cast
from tests.web.nights import night
from web import jobs
from web.rows import DueLetter, Invitation, KeyContact, Met, Reply, Series, Signup, db
from web.services import signups
from web.services.invitations.feeds import feeding
from web.services.plans.problem import person_hash
from web.services.privacy import traces
from web.services.signups import lost_link
from web.transaction import transaction
from web.worker import JOBS

pytestmark = pytest.mark.slow

NAME, ADDRESS, PHONE = "Zwaluwhild", "zwaluwhild@voorbeeld.example", "+31687654399"
NOTE, WORDS, STRAY, OLD = "Pimpernelgang", "Ooievaarsbek komt later", "Wolfsmelkstraat", "vroeger@voorbeeld.example"
SEEN = (NAME, NAME.lower(), ADDRESS, PHONE, PHONE[3:], NOTE, WORDS, STRAY, OLD)
"""What could be read somewhere."""


@dataclass
class Person:
    """Somebody who did everything that one can do here, and the folder in which that was kept."""

    app: Flask
    folder: Path
    id: int
    code: str
    secret: str
    kept: set[str]

    def erased(self) -> set[str]:
        """Every value that stood in a row before, and does not any more, and what could be read."""
        return (self.kept - byte_search.stored(self.folder)) | {*SEEN, self.code}

    def found(self) -> list[tuple[str, str]]:
        return byte_search.found(self.folder, self.erased())


@pytest.fixture
def person(app: Flask, cast: Cast, amina: FlaskClient) -> Iterator[Person]:
    folder = Path(app.instance_path)
    with app.app_context():
        contact = KeyContact(name="Ria", code="QWXYZ", organisation_id=cast.organisation, project_id=cast.project)
        db.session.add(contact)
        db.session.commit()
        told = {"phone": PHONE, "note": NOTE, "needs": ("step_free",), "buddy": "Els"}
        signed = casting.sign_up(app, cast, NAME, **{**told, "email": OLD})
        els = casting.sign_up(app, cast, "Els", buddy=signed.signup.code).signup
        person, code, secret = signed.signup.id, signed.signup.code, signed.secret
        _met(app, cast, signed.signup, els)
        _moves(app, cast, signed.signup, told)
        casting.plan_of(cast, {(cast.sessions[0], 1): [person, els.id]}, leader=cast.chantal)
        post.told(app, cast)
        door = evenings.opened(app, cast.chantal, cast.sessions[0])
        with transaction(db.session):
            feeding.renew(db.session, signed.signup, app.extensions["clock"]())
            lost_link.send_links(db.session, ADDRESS, now=app.extensions["clock"](), vault=app.extensions["vault"])
        jobs.send_due(app)
        _writes(app, folder, person)
        db.session.remove()
    _staff_looks(app, cast, amina, person, door)
    kept = byte_search.stored(folder)
    assert {name for name, _ in byte_search.found(folder, SEEN)} >= {ADDRESS, NAME}, "letters lie in the outbox"
    yield Person(app, folder, person, code, secret, kept)


def _met(app: Flask, cast: Cast, one: Signup, other: Signup) -> None:
    a, b = sorted(person_hash(who, app.extensions["vault"]) for who in (one, other))
    owner = {"organisation_id": cast.organisation, "project_id": cast.project, "series_id": cast.series}
    db.session.add(Met(a_hash=a, b_hash=b, **owner))
    db.session.commit()


def _moves(app: Flask, cast: Cast, signup: Signup, told: dict[str, object]) -> None:
    """Another address from now on."""
    answers = casting.answers(cast, NAME, **{**told, "email": ADDRESS})
    with transaction(db.session):
        signups.change(
            db.session,
            signup,
            answers,
            now=app.extensions["clock"](),
            channel="web",
            vault=app.extensions["vault"],
        )


def _writes(app: Flask, folder: Path, person: int) -> None:
    """An answer that a person has to read, and a mail of which nobody knows whose it is."""
    token = db.session.query(Invitation).filter_by(signup_id=person).first().token
    domain = app.extensions["settings"].sender.address.partition("@")[2]
    (folder / "inbox" / "new").mkdir(parents=True)
    for to, text in ((f"rsvp-{token}@{domain}", WORDS), (f"info@{domain}", STRAY)):
        head = {"From": f"{NAME} <{ADDRESS}>", "To": to}
        raw = f"Return-Path: <{ADDRESS}>\nDelivered-To: {to}\n".encode() + mails.mail(mails.words(text), head)
        (folder / "inbox" / "new" / text[:5]).write_bytes(raw)
    assert jobs.read_answers(app) == 2
    words = [(reply.content or {}).get("words") for reply in db.session.query(Reply).order_by(Reply.id)]
    assert words == [WORDS, STRAY], "kept for who has to read it"


def _staff_looks(app: Flask, cast: Cast, amina: FlaskClient, person: int, door: tuple[str, str]) -> None:
    """Lists, papers, the desk, and an import that nobody confirms."""
    series = f"/werk/{cast.series}"
    for page in ("aanmeldingen", f"aanmeldingen/{person}", "berichten", "bellen", "balie"):
        amina.get(f"{series}/{page}")
    app.extensions["clock"].now = datetime(2027, 1, 12, 16, tzinfo=UTC)
    chantal = evenings.come_in(app.test_client(), door)
    for form in ("pdf", "xlsx", "csv"):
        assert chantal.get(f"/tafel/{door[0]}/lijst.{form}").status_code == 200
    app.extensions["clock"].now = casting.NOW
    table = f"voornaam;e-mail;telefoon\n{NAME};{ADDRESS};{PHONE}\n".encode()
    answer = amina.post(f"{series}/importeren", data={"file": (io.BytesIO(table), "mensen.csv")})
    assert answer.status_code in (200, 302)


def erase(person: Person) -> None:
    """The button."""
    assert person.app.test_client().post(f"/mijn/{person.secret}/wissen").status_code == 302
    with person.app.app_context():
        assert db.session.get(Signup, person.id) is None
        assert db.session.query(DueLetter).filter_by(signup_id=person.id).count() == 0


def test_at_once(person: Person) -> None:
    erase(person)
    assert len(person.kept - byte_search.stored(person.folder)) > 25, "hashes, sealed texts, tokens"
    assert person.found() == []


def test_while_somebody_reads_the_worker_tries_again(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "PATIENCE", 10)
    with closing(sqlite3.connect(person.folder / "rebubbelen.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM signup").fetchone()
        erase(person)
        assert person.found() != [], "else this test shows nothing: the reader holds the journal"
        with person.app.app_context():
            assert JOBS["journal"][1](person.app) is False
        reader.execute("COMMIT")
    with person.app.app_context():
        assert JOBS["journal"][1](person.app) is True
    assert person.found() == []


def test_a_year_later(person: Person) -> None:
    """Nobody pressed anything: the nights did it."""
    evening = datetime(2027, 1, 13, 2, 30, tzinfo=UTC)
    with person.app.app_context():
        for weeks in (0, 8, 30, 60):
            night(person.app, evening + timedelta(weeks=weeks))
        assert db.session.query(Signup).count() == 0
        assert db.session.query(Series).count() == 1
        db.session.remove()
    assert person.found() == []
