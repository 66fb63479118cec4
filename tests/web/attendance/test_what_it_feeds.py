"""What reads who was there: whom people met, who is thanked, and who hears once that they were missed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.web import cast as casting
from tests.web.cast import NOW, Cast, Clock
from web import jobs, world
from web.jobs import worldly
from web.rows import DueLetter, Gathering, Invitation, Met, Series, Signup, Staff, db
from web.rows.attendance import Presence
from web.rows.invitations import Partstat
from web.rows.messages import LetterState
from web.services.attendance import marking
from web.services.attendance.marking import Mark
from web.services.invitations import reconciling
from web.services.invitations.rsvp import turnout
from web.services.invitations.rsvp.forecast import CHANCES, NONE, Chance
from web.services.messages.scheduled import thanking
from web.services.outbox.packing import LetterOvertaken, pack
from web.services.plans.problem import person_hash
from web.transaction import transaction

pytestmark = pytest.mark.slow

MORNING = datetime(2027, 1, 13, 8, tzinfo=UTC)
NIGHT = datetime(2027, 1, 13, 2, 30, tzinfo=UTC)


@pytest.fixture
def people(app: Flask, cast: Cast, clock: Clock) -> Iterator[dict[str, Signup]]:
    """Two tables on the first evening and one on the second, all invited; the first evening is just over."""
    with app.app_context():
        found = {name: casting.sign_up(app, cast, name).signup for name in ("Ada", "Bea", "Cas", "Dik", "Eef", "Fay")}
        ids = [one.id for one in found.values()]
        first, second = cast.sessions[:2]
        casting.plan_of(cast, {(first, 1): ids[:4], (first, 2): ids[4:], (second, 1): ids})
        reconciling.reconcile(db.session, db.session.get_one(Series, cast.series), NOW)
        db.session.query(DueLetter).update({"state": LetterState.SENT, "sent_at": NOW})
        db.session.commit()
        clock.now = datetime(2027, 1, 12, 21, tzinfo=UTC)
        yield found
        db.session.remove()


def write(cast: Cast, clock: Clock, people: dict[str, Signup], evening: int = 0, **said: str) -> None:
    date = db.session.query(Gathering).filter_by(session_id=cast.sessions[evening]).one()
    marks = [
        Mark(f"{name}-{clock.now}", clock.now, 1, Presence(presence), signup_id=people[name].id)
        for name, presence in said.items()
    ]
    with transaction(db.session):
        by = db.session.get_one(Staff, cast.amina)
        marking.write(db.session, date, [*marks, marking.new_walk_in("Wim", 1, clock.now)], by=by, now=clock.now)


def met(app: Flask, people: dict[str, Signup]) -> dict[str, int]:
    names = {person_hash(one, app.extensions["vault"]): name for name, one in people.items()}
    return {"".join(sorted((names[row.a_hash], names[row.b_hash]))): row.times for row in db.session.query(Met)}


def letters(kind: str) -> list[int | None]:
    return sorted(letter.signup_id or 0 for letter in db.session.query(DueLetter).filter_by(kind=kind))


def thank(at: datetime) -> int:
    with transaction(db.session):
        return thanking.run(db.session, at, world.settings(), world.vault())


def test_only_who_was_there_met_and_of_another_table_what_we_know(
    app: Flask, cast: Cast, clock: Clock, people: dict[str, Signup]
) -> None:
    """Four seats, one stayed away and one was not marked: one pair. Nobody wrote anything of table 2."""
    write(cast, clock, people, Ada="present", Bea="late", Cas="absent")
    clock.now = NIGHT
    jobs.tidy_up(app)
    assert met(app, people) == {"AdaBea": 1, "EefFay": 1}


def test_what_is_written_later_takes_the_place_of_what_was_thought(
    app: Flask, cast: Cast, clock: Clock, people: dict[str, Signup]
) -> None:
    clock.now = NIGHT
    jobs.tidy_up(app)
    assert met(app, people) == dict.fromkeys(("AdaBea", "AdaCas", "AdaDik", "BeaCas", "BeaDik", "CasDik", "EefFay"), 1)
    clock.now = MORNING
    write(cast, clock, people, Ada="present", Bea="present", Cas="absent", Dik="absent")
    for hours in (24, 25):
        clock.now = NIGHT + timedelta(hours=hours)
        jobs.tidy_up(app)
        assert met(app, people) == {"AdaBea": 1, "EefFay": 1}
    write(cast, clock, people, Cas="present")
    clock.now = NIGHT + timedelta(hours=26)
    jobs.tidy_up(app)
    assert met(app, people) == dict.fromkeys(("AdaBea", "AdaCas", "BeaCas", "EefFay"), 1)


def test_thanks_to_who_was_there_and_missed_to_who_was_not(
    app: Flask, cast: Cast, clock: Clock, people: dict[str, Signup]
) -> None:
    """Ada came, Bea did not, of Cas nobody said anything, Dik said no and came; of table 2 nobody wrote."""
    ids = {name: one.id for name, one in people.items()}
    for invitation in db.session.query(Invitation).filter_by(signup_id=ids["Dik"]):
        invitation.partstat = Partstat.DECLINED
    write(cast, clock, people, Ada="present", Bea="absent", Dik="late")
    assert thank(MORNING) == 5
    assert letters("thanks") == sorted(ids[name] for name in ("Ada", "Dik", "Eef", "Fay"))
    assert letters("missed") == [ids["Bea"]]
    told = {
        letter.signup_id: pack(db.session, letter, MORNING, worldly(app))
        for letter in db.session.query(DueLetter).filter(DueLetter.kind.in_(("thanks", "missed")))
    }
    doubt = "Was je er niet bij?"
    assert doubt not in told[ids["Ada"]].text and doubt in told[ids["Eef"]].text
    assert "Dat geeft niet" in told[ids["Bea"]].text and "Stuur me dit niet meer" in told[ids["Bea"]].text
    assert told[ids["Bea"]].unsubscribe
    assert thank(MORNING + timedelta(minutes=1)) == 0


def test_nobody_is_missed_twice_or_against_their_wish_or_by_telephone(
    app: Flask, cast: Cast, clock: Clock, people: dict[str, Signup]
) -> None:
    people["Bea"].quiet, people["Cas"].reach = True, "call"
    write(cast, clock, people, Ada="absent", Bea="absent", Cas="absent", Dik="absent")
    thank(MORNING)
    ada, dik = people["Ada"], people["Dik"]
    assert letters("missed") == sorted((ada.id, dik.id))
    clock.now += timedelta(days=2)
    write(cast, clock, people, evening=1, Ada="absent", Bea="present", Cas="present", Dik="absent")
    thank(MORNING + timedelta(days=2))
    assert letters("missed") == sorted((ada.id, dik.id))
    dik.quiet = True
    letter = db.session.query(DueLetter).filter_by(kind="missed", signup_id=dik.id).one()
    with pytest.raises(LetterOvertaken):
        pack(db.session, letter, MORNING, worldly(app))


def test_who_was_thanked_before_it_was_known_is_not_missed_after_it(
    cast: Cast, clock: Clock, people: dict[str, Signup]
) -> None:
    thank(MORNING)
    clock.now = MORNING
    write(cast, clock, people, Ada="absent")
    assert thank(MORNING + timedelta(hours=1)) == 0
    assert letters("missed") == []


def test_a_forecast_learns_from_who_came_before(
    app: Flask, cast: Cast, clock: Clock, people: dict[str, Signup]
) -> None:
    """Of who said nothing one came and three did not (one was not marked); of table 2 nothing is known."""
    second = db.session.query(Gathering).filter_by(session_id=cast.sessions[1]).one()
    assumed = turnout.turnout(db.session, second, app.extensions["settings"])
    assert assumed.chances == CHANCES
    write(cast, clock, people, Ada="present", Bea="absent", Cas="absent")
    learnt = turnout.turnout(db.session, second, app.extensions["settings"])
    assert learnt.chances == {**CHANCES, NONE: Chance(CHANCES[NONE].a + 1, CHANCES[NONE].b + 3)}
    assert learnt.forecast.mean < assumed.forecast.mean
    first = db.session.query(Gathering).filter_by(session_id=cast.sessions[0]).one()
    assert turnout.turnout(db.session, first, app.extensions["settings"]).chances == CHANCES, "not from itself"
