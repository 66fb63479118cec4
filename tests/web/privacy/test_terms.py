"""Everything about people has a term: what is in no list, or outlives its term, fails here."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, func, select

from tests.web import cast as casting
from tests.web import post
from tests.web import season as seasons
from tests.web.cast import NOW, Cast, Clock
from tests.web.nights import night
from web import jobs
from web.rows import (
    Attendance,
    AuditLine,
    Base,
    DueLetter,
    Erasure,
    Facilitator,
    FacilitatorLink,
    FacilitatorLogin,
    Figures,
    Gathering,
    KeyContact,
    LetterCount,
    Met,
    PairWish,
    Sealed,
    Series,
    Signup,
    SpentToken,
    Staff,
    TableEnd,
    TimeSlot,
    WebAuthn,
    db,
)
from web.rows.attendance import Presence
from web.rows.people import Regard
from web.services import known_time, logins
from web.services.messages import mail_check
from web.services.privacy.colleagues import ERASED
from web.services.privacy.retention_overview import UNDATED
from web.terms import FILES, NOBODYS, TERMS

pytestmark = pytest.mark.slow

TABLES = {name for term in TERMS for name in term.tables}
FOLDERS = {name for term in TERMS for name in term.folders}
OTHERWISE = {"session", "plan", "figures", "organisation"}
"""Sealed is also the address of a meeting online, and the names of columns, which somebody may have mistyped; what a
plan broke and the exact figures go with the people."""
SHORT = {"staff_login", "facilitator_login", "spent_token", "letter_count"}
"""Over by the next night."""
LAST = NOW.replace(year=2027, month=1, day=17)
"""The night after the last evening of the season."""


def test_every_table_has_a_term_or_a_reason_why_not() -> None:
    known = set(Base.metadata.tables)
    assert known == TABLES | set(NOBODYS)
    assert not TABLES & set(NOBODYS)
    assert all(NOBODYS.values())
    sealed = {name for name, table in Base.metadata.tables.items() if any(_is_sealed(c.type) for c in table.columns)}
    assert sealed - TABLES == OTHERWISE, "what is worth sealing is about somebody"


def _is_sealed(kind: object) -> bool:
    return isinstance(kind, Sealed)


def test_people_see_every_term(client: FlaskClient, beatrix: FlaskClient, app: Flask) -> None:
    settings = app.extensions["settings"]
    for page in (client.get("/privacy").text, beatrix.get("/beheer/bewaren").text):
        with app.test_request_context():
            for what, until in (term.words(settings) for term in TERMS):
                assert f">{what}</" in page and f">{until}</" in page, what
    assert "tot 8 weken na de laatste keer" in page and "%(" not in page


@pytest.fixture
def season(app: Flask, cast: Cast, clock: Clock) -> Flask:
    """Something in every table, and files wherever the product writes any; in a context."""
    seasons.perform(app, cast, people=12)
    with app.app_context():
        reply = db.session.query(casting.Staff).filter_by(id=cast.beatrix).one()
        ways = jobs.channels.channels_of(app.extensions["settings"], app.extensions["secrets"], jobs.folder_of(app))
        mail_check.try_mail(db.session, ways["email"], reply, clock.now, jobs.worldly(app))
        _passkey(cast, clock)
        _of_a_day(cast, clock)
        _of_two(cast)
        _of_an_evening(cast, clock)
        jobs.digest(app)
        _letter_to_staff(cast, clock)
        jobs.send_due(app)
        db.session.commit()
        yield app
        db.session.remove()


def _passkey(cast: Cast, clock: Clock) -> None:
    account = db.session.get_one(Staff, cast.dirk)
    account.fs_webauthn_user_handle = "handle"
    key = WebAuthn(credential_id=b"1", public_key=b"2", backup_state=False, device_type="x", name="telefoon")
    key.usage, key.create_datetime, key.lastuse_datetime = "first", clock.now, clock.now
    account.webauthn.append(key)


def _letter_to_staff(cast: Cast, clock: Clock) -> None:
    owner = {"organisation_id": cast.organisation, "project_id": cast.project, "staff_id": cast.amina}
    db.session.add(
        DueLetter(kind="digest", key="d", channel="email", due_at=clock.now, content={"counts": []}, **owner)
    )


def _of_a_day(cast: Cast, clock: Clock) -> None:
    """A token that was used, and a facilitator who is logged in."""
    link = db.session.query(FacilitatorLink).first()
    assert link is not None
    soon = clock.now + timedelta(hours=1)
    db.session.add(FacilitatorLogin(link_id=link.id, secret_hash="s", ends_at=soon))
    db.session.add(SpentToken(token_hash="t", ends_at=soon))
    db.session.add(LetterCount(reached_hash="r", about="links", day=clock.now.date(), count=1))
    logins.begin(db.session, db.session.get_one(Staff, cast.amina), "firefox linux", clock.now)


def _of_two(cast: Cast) -> None:
    """Somebody who rather does not sit with another, and somebody who was erased."""
    one, other = db.session.query(Signup).filter_by(series_id=cast.series).limit(2)
    db.session.add(PairWish(series_id=cast.series, signup_id=one.id, other_id=other.id, said=Regard.APART))
    db.session.add(Erasure(mark="m", at=one.created_at))


def _of_an_evening(cast: Cast, clock: Clock) -> None:
    """Somebody who walked in, and of whom there is no sign-up that would be erased."""
    date = db.session.query(Gathering).filter_by(session_id=cast.sessions[0]).one()
    owner = {"organisation_id": cast.organisation, "project_id": cast.project, "series_id": cast.series}
    told = {"walk_in": "w", "walk_in_name": "Wim", "number": 1, "presence": Presence.PRESENT, "device_entry": "w"}
    when = {"recorded_at": clock.now, "received_at": clock.now, "recorded_by": "staff:1"}
    db.session.add(Attendance(gathering_id=date.id, **owner, **told, **when))
    when = {"recorded_at": clock.now, "recorded_by": "facilitator:1"}
    db.session.add(TableEnd(gathering_id=date.id, number=1, heads=5, mood="good", call_me=True, **owner, **when))


def rows_in(name: str) -> int:
    table: Table = Base.metadata.tables[name]
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_nothing_outlives_its_term(season: Flask, cast: Cast) -> None:
    assert {name for name in SHORT if not rows_in(name)} == set(), "what is empty shows nothing"
    night(season, LAST)
    assert {name for name in TABLES if not rows_in(name)} == SHORT, "what is empty shows nothing"
    assert any(row.state for row in db.session.query(Figures))
    here = {path.name for path in Path(season.instance_path).iterdir()}
    assert here <= FOLDERS | set(FILES), "a file or folder without a term"
    db.session.query(Staff).filter(Staff.id != cast.beatrix).update({"active": False})
    for days in (1, 57, 400, 800):
        night(season, LAST + timedelta(days=days))
    assert {name for name in TABLES if rows_in(name)} == {"staff", "audit_line", "staff_role"}
    assert {line.who for line in db.session.query(AuditLine)} == {"nightly"}
    assert not any(row.state for row in db.session.query(Figures).filter(Figures.series_id.is_not(None)))
    left = [account for account in db.session.query(Staff) if account.id != cast.beatrix]
    assert {(account.name, account.password, len(account.roles)) for account in left} == {("", None, 0)}
    assert all(account.email == f"{ERASED}{account.id}" for account in left)
    # By the clock of the disk they were written now.
    jobs.outbox_of(season).forget_older(LAST + timedelta(days=800))
    assert not [
        path for folder in FOLDERS for path in (Path(season.instance_path) / folder).rglob("*") if path.is_file()
    ]


def test_people_who_are_needed_stay(app: Flask, cast: Cast, clock: Clock) -> None:
    """A facilitator who leads every year, a key contact by whom somebody signs up, who works here."""
    with app.app_context():
        owner = {"organisation_id": cast.organisation, "project_id": cast.project}
        ria = KeyContact(name="Ria", code="QWXYZ", **owner)
        db.session.add(ria)
        db.session.commit()
        night(app, NOW)
        clock.now = NOW + timedelta(days=300)
        known_time.believe(db.session, clock.now)
        for slot in db.session.query(TimeSlot).filter_by(id=cast.sessions[0]):
            for date in slot.gatherings:
                date.starts, date.ends = NOW + timedelta(days=310), NOW + timedelta(days=310, hours=1)
        db.session.flush()
        signed = casting.sign_up(app, cast, sessions=frozenset(cast.sessions[:1]))
        signed.signup.key_contact_id = ria.id
        db.session.commit()
        for days in (301, 311, 640):
            night(app, NOW + timedelta(days=days))
        assert (db.session.query(KeyContact).count(), db.session.query(Facilitator).count()) == (1, 1)
        assert db.session.query(Staff).filter(Staff.email.contains("@")).count() == 3
        night(app, NOW + timedelta(days=700))
        assert (db.session.query(KeyContact).count(), db.session.query(Facilitator).count()) == (0, 0)


def test_a_series_without_a_date_ends_too(app: Flask, cast: Cast, beatrix: FlaskClient) -> None:
    with app.app_context():
        casting.sign_up(app, cast, sessions=frozenset())
        for round_ in list(db.session.get_one(Series, cast.series).rounds):
            db.session.delete(round_)
        db.session.commit()
        db.session.expire_all()
        assert "21 mei 2027" in beatrix.get("/beheer/bewaren").text
        night(app, NOW + UNDATED - timedelta(minutes=1))
        assert db.session.query(Signup).count() == 1
        night(app, NOW + UNDATED + timedelta(minutes=1))
        assert db.session.query(Signup).count() == 0


def test_the_list_of_an_evening_goes_with_its_link(season: Flask, cast: Cast) -> None:
    """The letter with the PIN, as long as there is no mail server; those to residents stay."""
    mail = Path(season.instance_path) / "outbox" / "mail" / "new"
    assert list(mail.glob("facilitator-*.list_ready-*"))
    night(season, LAST + timedelta(days=1))
    assert list(mail.glob("facilitator-*.list_ready-*")) == []
    assert list(mail.glob("signup-*"))
    assert db.session.query(Met).count() > 0
    assert post.letters_of(db.session.query(Signup).first().id)
