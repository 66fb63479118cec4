"""What retention promises happens: rows, hashes, letters and links are gone, also from the files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.web import cast as casting
from tests.web import moving
from tests.web.cast import NOW, Cast, Clock
from tests.web.nights import night
from web import jobs
from web.rows import (
    AuditLine,
    Availability,
    Consent,
    DueLetter,
    FacilitatorLink,
    Invitation,
    Met,
    Plan,
    PlanGroup,
    Proposal,
    Seat,
    Series,
    Signup,
    Step,
    TimeSlot,
    db,
)
from web.rows.invitations import Partstat
from web.services import signups
from web.services.invitations import reconciling
from web.services.privacy import erase
from web.transaction import transaction

LAST = datetime(2027, 1, 16, 19, 30, tzinfo=UTC)
"""When the series of the cast is over."""
OVER = LAST + timedelta(weeks=8, minutes=1)


def published(cast: Cast, tables: list[list[Signup]]) -> None:
    """A proposal and a current plan with these tables, one a session. Needs an application context."""
    owner = {"organisation_id": cast.organisation, "project_id": cast.project, "series_id": cast.series}
    asked = {"asked_at": NOW, "seed": 1, "seconds": 1.0, "config_hash": ""}
    proposal = Proposal(status="done", found={"reasons": [{"person": "1"}]}, **asked, **owner)
    proposal.steps.append(Step(position=0, kind="found", board={"groups": [{"people": ["1"]}]}, at=NOW))
    plan = Plan(published_at=NOW, seed=1, input_hash="in", config_hash="", breaches=[{"people": ["1"]}], **owner)
    for evening, people in zip(cast.sessions, tables, strict=False):
        group = PlanGroup(session_id=evening, number=1)
        group.seats = [Seat(signup_id=person.id) for person in people]
        plan.groups.append(group)
    db.session.add_all([proposal, plan])
    db.session.commit()


def counts(*kinds: type) -> list[int]:
    return [db.session.query(kind).count() for kind in kinds]


def raw(app: Flask) -> bytes:
    """Every byte of the database files."""
    return b"".join(path.read_bytes() for path in sorted(Path(app.instance_path).glob("rebubbelen.db*")))


def test_nothing_is_forgotten_too_early(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        published(cast, [[casting.sign_up(app, cast).signup]])
        jobs.send_due(app)
        clock.now = OVER - timedelta(minutes=2)
        jobs.tidy_up(app)
        assert counts(Signup, Proposal, DueLetter) == [1, 1, 1]


def outbox(app: Flask) -> list[Path]:
    """Every letter on disk."""
    return [path for path in (Path(app.instance_path) / "outbox").rglob("*") if path.is_file()]


def test_after_the_term_people_are_gone_and_the_account_of_the_plan_stays(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        people = [casting.sign_up(app, cast, name).signup for name in ("Bart", "Els")]
        published(cast, [people])
        jobs.send_due(app)
        clock.now = OVER
        jobs.tidy_up(app)
        people_rows = (Signup, Availability, Consent, DueLetter, Proposal, Step, Seat, Met)
        assert counts(*people_rows) == [0] * len(people_rows)
        plan = db.session.query(Plan).one()
        assert (plan.input_hash, plan.breaches) == ("in", [])
        assert outbox(app) == []
        line = db.session.query(AuditLine).filter_by(what="forget").one()
        assert (line.who, line.about) == ("nightly", f"series:{cast.series}")
        jobs.tidy_up(app)
        assert db.session.query(AuditLine).filter_by(what="forget").count() == 1


def test_another_series_is_left_alone(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        casting.sign_up(app, cast)
        later, sessions = casting.series_of(
            db.session.get_one(Series, cast.series).project,
            db.session.get_one(Series, cast.series).sessions[0].venue,
            slug="later",
        )
        for session in sessions:
            for gathering in session.gatherings:
                gathering.starts, gathering.ends = (
                    gathering.starts + timedelta(weeks=9),
                    gathering.ends + timedelta(weeks=9),
                )
        db.session.commit()
        answers = casting.answers(cast, "Els", sessions=frozenset({sessions[0].id}))
        with transaction(db.session):
            signups.sign_up(
                db.session, later, answers, channel="web", now=NOW, once="els", vault=app.extensions["vault"]
            )
        clock.now = OVER
        jobs.tidy_up(app)
        assert [signup.name for signup in db.session.scalars(select(Signup))] == ["Els"]


@pytest.mark.sqlite
def test_what_is_forgotten_is_not_in_the_files_either(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        signup = casting.sign_up(app, cast).signup
        traces = [signup.email_hash, signup.name_hash, signup.secret_hash, signup.code]
        sealed = db.session.execute(db.text("SELECT name, contact, bubbles FROM signup")).one()
        traces += [text[20:60] for text in sealed]
        assert [trace for trace in traces if trace.encode() not in raw(app)] == []
        clock.now = OVER
        jobs.tidy_up(app)
        db.session.remove()
        db.engine.dispose()
    assert [trace for trace in traces if trace.encode() in raw(app)] == []


def test_who_erases_a_signup_erases_the_letters_on_disk(app: Flask, cast: Cast) -> None:
    with app.app_context():
        bart, els = (casting.sign_up(app, cast, name).signup for name in ("Bart", "Els"))
        jobs.send_due(app)
        with transaction(db.session):
            erase.erase(db.session, bart, app.extensions["vault"], now=NOW)
        jobs.send_due(app)
        (left,) = outbox(app)
        assert left.name.startswith(f"signup-{els.id}.")


def test_expired_links_of_facilitators_go(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        for days in (1, 30):
            link = {"facilitator_id": cast.chantal, "session_id": cast.sessions[0], "pin_hash": ""}
            until = NOW + timedelta(days=days)
            db.session.add(
                FacilitatorLink(
                    organisation_id=cast.organisation, secret_hash=str(days), opens_at=NOW, expires_at=until, **link
                )
            )
        db.session.commit()
        clock.forward(days=2)
        jobs.tidy_up(app)
        assert [link.secret_hash for link in db.session.scalars(select(FacilitatorLink))] == ["30"]


def test_pairs_are_remembered_the_day_after_and_once(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        bart, els, gijs = (casting.sign_up(app, cast, name).signup for name in ("Bart", "Els", "Gijs"))
        published(cast, [[bart, els], [els, gijs]])
        clock.now = datetime(2027, 1, 12, 22, tzinfo=UTC)
        jobs.tidy_up(app)
        assert counts(Met) == [0]
        clock.now = datetime(2027, 1, 13, 2, 30, tzinfo=UTC)
        jobs.tidy_up(app)
        jobs.tidy_up(app)
        assert counts(Met) == [1]
        assert db.session.query(Met).one().times == 1
        night(app, datetime(2027, 1, 20, 2, 30, tzinfo=UTC))
        assert counts(Met) == [2]


def expected(cast: Cast, app: Flask) -> None:
    """Everybody with a seat is invited. Needs an application context."""
    reconciling.reconcile(db.session, db.session.get_one(Series, cast.series), NOW)
    db.session.commit()


def test_who_said_no_or_left_or_was_not_expected_met_nobody(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        people = [casting.sign_up(app, cast, name).signup for name in ("Ada", "Bea", "Cas", "Dik", "Eef")]
        published(cast, [people])
        expected(cast, app)
        says = db.session.query(Invitation).filter_by(signup_id=people[0].id).one()
        says.partstat = Partstat.DECLINED
        with transaction(db.session):
            signups.leave(db.session, people[1], now=NOW)
        clock.now = datetime(2027, 1, 13, 2, 30, tzinfo=UTC)
        jobs.tidy_up(app)
        assert counts(Met) == [3], "three were there, that is three pairs"


def test_who_leaves_afterwards_was_there(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        people = [casting.sign_up(app, cast, name).signup for name in ("Ada", "Bea")]
        published(cast, [people])
        expected(cast, app)
        clock.now = datetime(2027, 1, 12, 22, tzinfo=UTC)
        with transaction(db.session):
            signups.leave(db.session, people[0], now=clock.now)
        clock.now = datetime(2027, 1, 13, 2, 30, tzinfo=UTC)
        jobs.tidy_up(app)
        assert counts(Met) == [1]


def test_two_who_never_come_on_the_same_date_did_not_meet(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        people = [casting.sign_up(app, cast, name).signup for name in ("Ada", "Bea", "Cas")]
        moving.several(db.session.get_one(TimeSlot, cast.sessions[0]), 7)
        db.session.commit()
        published(cast, [people])
        expected(cast, app)
        first, second = db.session.get_one(TimeSlot, cast.sessions[0]).dates
        for person, date in ((people[0], first), (people[1], second)):
            says = db.session.query(Invitation).filter_by(signup_id=person.id, gathering_id=date.id).one()
            says.partstat = Partstat.DECLINED
        clock.now = LAST + timedelta(days=30)
        jobs.tidy_up(app)
        assert counts(Met) == [2], "Cas met both"


def test_meeting_again_counts_and_a_plan_that_was_replaced_does_not(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        bart, els, gijs = (casting.sign_up(app, cast, name).signup for name in ("Bart", "Els", "Gijs"))
        published(cast, [[bart, gijs]])
        db.session.query(Plan).one().current = False
        published(cast, [[bart, els], [bart, els]])
        clock.now = LAST + timedelta(days=1)
        jobs.tidy_up(app)
        assert [met.times for met in db.session.scalars(select(Met))] == [2]


def test_what_is_remembered_names_nobody(app: Flask, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        published(cast, [[casting.sign_up(app, cast, name).signup for name in ("Bart", "Els")]])
        clock.now = LAST + timedelta(days=1)
        jobs.tidy_up(app)
        row = db.session.execute(select(Met.a_hash, Met.b_hash)).one()
    assert all(len(text) == 64 and set(text) <= set("0123456789abcdef") for text in row)


@pytest.mark.parametrize("weeks", [1, 8])
def test_a_shorter_term_may_be_chosen(app: Flask, cast: Cast, clock: Clock, weeks: int) -> None:
    from config import Retention
    from web.services.privacy import retention

    with app.app_context():
        casting.sign_up(app, cast)
        now = LAST + timedelta(weeks=2)
        gone = retention.run(db.session, now, Retention(weeks, 12), jobs.outbox_of(app))
        assert gone == (1 if weeks == 1 else 0)
