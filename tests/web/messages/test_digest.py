"""The organiser's morning: only what needs a person, only numbers and links, on working days, and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from tests.web.nights import night
from web import world
from web.jobs import worldly
from web.rows import DueLetter, Gathering, Offer, Organisation, Outage, Project, Reply, Role, Signup, Staff, db
from web.rows.invitations import OfferState
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.rows.staff import RoleName
from web.services.messages.scheduled import digesting
from web.services.outbox.packing import pack

pytestmark = pytest.mark.slow

MONDAY = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
"""Half past seven in Amsterdam; the Friday before is NOW."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def run(at: datetime = MONDAY) -> int:
    return digesting.run(db.session, at, world.settings())


def counts(staff: int, at: datetime = MONDAY) -> dict[str, tuple[int, int | None]]:
    """What the letter of somebody counts: kind -> number and series."""
    run(at)
    letters = db.session.query(DueLetter).filter_by(kind="digest", staff_id=staff).all()
    return {kind: (number, series) for letter in letters for kind, number, series in letter.content["counts"]}


def letter(cast: Cast, **more: object) -> DueLetter:
    told: dict[str, object] = {"channel": "email", "kind": "placed", "state": LetterState.DUE, "due_at": NOW}
    told |= {"series_id": cast.series}
    key = f"x{db.session.query(DueLetter).count()}"
    row = DueLetter(organisation_id=cast.organisation, project_id=cast.project, key=key, **{**told, **more})
    db.session.add(row)
    db.session.commit()
    return row


def reply(cast: Cast | None, **more: object) -> None:
    whose = {"organisation_id": cast.organisation, "project_id": cast.project} if cast else {}
    key = f"r{db.session.query(Reply).count()}"
    db.session.add(Reply(key=key, at=NOW, content={"words": "Hoi"}, **{"outcome": "review", **whose, **more}))
    db.session.commit()


def quiet(app: Flask, cast: Cast) -> Signup:
    """Somebody who signed up long before the last working morning."""
    signup = casting.sign_up(app, cast, "Bart").signup
    signup.created_at = NOW - timedelta(days=30)
    db.session.query(DueLetter).update({"state": LetterState.SENT})
    db.session.commit()
    return signup


def coordinator(cast: Cast) -> int:
    here, project = db.session.get_one(Organisation, cast.organisation), db.session.get_one(Project, cast.project)
    row = casting.staff("cor@zuid.example", "Cor", here, RoleName.COORDINATOR, [project])
    db.session.commit()
    return row.id


# When


def test_when_nothing_needs_anybody_there_is_no_letter(app: Flask, cast: Cast) -> None:
    quiet(app, cast)
    assert run() == 0


@pytest.mark.parametrize(
    ("at", "many"),
    [
        (MONDAY - MINUTE, 0),
        (MONDAY, 1),
        (MONDAY + timedelta(minutes=89), 1),
        (MONDAY + timedelta(minutes=90), 0),
        (MONDAY - DAY, 0),
        (MONDAY - 2 * DAY, 0),
        (MONDAY + 4 * DAY, 1),
    ],
)
def test_on_working_days_before_the_work_begins(app: Flask, cast: Cast, at: datetime, many: int) -> None:
    reply(cast)
    assert run(at) == many


def test_once_a_morning_and_yesterdays_figures_go_nowhere(app: Flask, cast: Cast) -> None:
    reply(cast)
    assert [run(), run(MONDAY + MINUTE), run(MONDAY + DAY)] == [1, 0, 1]
    old, new = db.session.query(DueLetter).filter_by(kind="digest").order_by(DueLetter.id)
    assert (old.state, old.content, new.state) == (LetterState.OVERTAKEN, None, LetterState.DUE)
    run(MONDAY + 35 * DAY)
    night(app, MONDAY + 35 * DAY)
    assert db.session.query(DueLetter).filter_by(kind="digest").count() == 1, "nobody keeps them"


# What


def test_new_people_since_the_last_working_morning(app: Flask, cast: Cast) -> None:
    old, gone, _new = (casting.sign_up(app, cast, name).signup for name in ("Bart", "Els", "Gijs"))
    old.created_at = datetime(2026, 11, 20, 6, 29, tzinfo=UTC)
    gone.state = SignupState.LEFT
    db.session.query(DueLetter).update({"state": LetterState.SENT})
    db.session.commit()
    assert counts(cast.amina) == {"signups": (1, cast.series)}, "since Friday half past seven"
    assert run(MONDAY + 2 * DAY) == 0, "nobody since Tuesday"


def test_people_to_call_are_counted_once_and_paper_by_the_letter(app: Flask, cast: Cast) -> None:
    bart = quiet(app, cast)
    for _ in range(2):
        letter(cast, channel="call", signup_id=bart.id)
    letter(cast, channel="text", signup_id=bart.id, due_at=MONDAY + DAY)
    letter(cast, channel="letter", signup_id=bart.id)
    letter(cast, channel="letter", signup_id=bart.id)
    assert counts(cast.amina) == {"calls": (1, cast.series), "paper": (2, cast.series)}


def test_what_did_not_arrive_lately(app: Flask, cast: Cast) -> None:
    bart = quiet(app, cast)
    letter(cast, state=LetterState.FAILED, signup_id=bart.id)
    letter(cast, state=LetterState.UNSURE, signup_id=bart.id)
    letter(cast, state=LetterState.FAILED, signup_id=bart.id, due_at=MONDAY - timedelta(days=8))
    letter(cast, state=LetterState.SENT, signup_id=bart.id)
    assert counts(cast.amina) == {"stuck": (2, cast.series)}


def test_answers_that_wait_for_a_person(cast: Cast) -> None:
    reply(cast)
    reply(cast, handled_at=NOW)
    reply(cast, outcome="bounce")
    assert counts(cast.amina) == {"replies": (1, None)}


def test_tables_that_became_too_small(app: Flask, cast: Cast) -> None:
    least = world.settings().formats["koken"].format.size.min
    people = [casting.sign_up(app, cast, f"Mens{i}", bubbles={}).signup for i in range(2 * least)]
    for person in people:
        person.created_at = NOW - timedelta(days=30)
    db.session.query(DueLetter).update({"state": LetterState.SENT})
    ids = [person.id for person in people]
    casting.plan_of(cast, {(cast.sessions[0], 1): ids[:least], (cast.sessions[0], 2): ids[least:]})
    assert counts(cast.amina) == {}
    people[0].state = SignupState.LEFT
    db.session.commit()
    assert counts(cast.amina) == {"tables": (1, cast.series)}


def test_a_small_table_that_is_over_or_called_off_is_no_news(app: Flask, cast: Cast) -> None:
    bart = quiet(app, cast)
    casting.plan_of(cast, {(evening, 1): [bart.id] for evening in cast.sessions[:2]})
    dates = db.session.query(Gathering).order_by(Gathering.id).all()
    dates[0].starts, dates[0].ends = NOW - DAY, NOW - DAY + timedelta(hours=2)
    dates[1].called_off_at = NOW
    db.session.commit()
    assert counts(cast.amina) == {}


def test_offers_that_nobody_took_since_then(app: Flask, cast: Cast) -> None:
    bart = quiet(app, cast)
    for number, ended in enumerate((NOW, NOW - 2 * DAY)):
        told = {"series_id": cast.series, "session_id": cast.sessions[0], "number": 1, "party": "p"}
        owner = {"organisation_id": cast.organisation, "project_id": cast.project}
        when = {"made_at": NOW - 3 * DAY, "until": ended, "ended_at": ended}
        db.session.add(
            Offer(
                signup_id=bart.id, **told, **owner, **when, token="t", token_hash=f"{number}", state=OfferState.EXPIRED
            )
        )
    db.session.commit()
    assert counts(cast.amina) == {"lapsed": (1, cast.series)}


def test_outages_lead_an_organiser_home_and_an_administrator_to_the_post(cast: Cast) -> None:
    db.session.add(Outage(what="email", fault="login 535", since=NOW, last_at=NOW))
    db.session.commit()
    assert counts(cast.amina) == {"outages": (1, None)}
    assert counts(cast.beatrix) == {"server": (1, None)}


# Whom


def test_mails_of_nobody_are_for_administrators_and_people_of_a_project_for_who_works_there(
    app: Flask, cast: Cast
) -> None:
    casting.sign_up(app, cast, "Bart")
    db.session.query(DueLetter).update({"state": LetterState.SENT})
    reply(None)
    assert counts(cast.amina) == {"signups": (1, cast.series)}
    assert counts(cast.beatrix) == {"strays": (1, None)}
    assert counts(cast.dirk) == {}


def test_who_switched_it_off_gets_none(app: Flask, cast: Cast) -> None:
    reply(cast)
    digesting.switch(db.session, db.session.get_one(Staff, cast.amina), False)
    assert run() == 0
    digesting.switch(db.session, db.session.get_one(Staff, cast.amina), True)
    assert run() == 1


def test_a_coordinator_has_no_part_in_it(app: Flask, cast: Cast) -> None:
    reply(cast)
    cor = coordinator(cast)
    assert run() == 1
    assert db.session.query(DueLetter).filter_by(kind="digest", staff_id=cor).count() == 0


def test_an_account_that_is_off_or_without_a_project_gets_none(cast: Cast) -> None:
    reply(cast)
    reply(None)
    db.session.get_one(Staff, cast.amina).active = False
    beatrix = db.session.get_one(Staff, cast.beatrix)
    beatrix.roles = [db.session.query(Role).filter_by(name="organiser").one()]
    db.session.commit()
    assert run() == 0


# How it reads


@pytest.mark.parametrize(("language", "words"), [("nl", "Nieuwe aanmeldingen: 1"), ("en", "New sign-ups: 1")])
def test_it_is_in_the_language_of_the_reader_without_anybodys_name(
    app: Flask, cast: Cast, language: str, words: str
) -> None:
    db.session.get_one(Staff, cast.amina).language = language
    casting.sign_up(app, cast, "Zwaluwnest")
    run()
    row = db.session.query(DueLetter).filter_by(kind="digest").one()
    parcel = pack(db.session, row, MONDAY, worldly(app))
    assert (parcel.address, parcel.language, parcel.owner) == ("amina@zuid.example", language, f"staff-{cast.amina}")
    assert words in parcel.text
    assert f"/werk/{cast.series}/aanmeldingen" in parcel.text
    assert "Zwaluwnest" not in parcel.text + parcel.html + parcel.subject
