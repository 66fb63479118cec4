"""Dates that people know of: whatever moves, exactly those who have a seat there hear of it, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from tests.web import cast as casting
from tests.web.cast import NOW, Cast, Clock
from tests.web.evening import table
from tests.web.moving import (
    HOUR,
    JANUARY,
    as_it_is,
    due,
    invitations,
    later,
    move,
    person,
    post,
    publish,
    several,
    to_leaders,
)
from web import world
from web.errors import Overtaken
from web.rows import AuditLine, DueLetter, FacilitatorLink, Gathering, Offer, Seat, Series, TimeSlot, Venue, db
from web.rows.invitations import InvitationState, OfferState, Partstat
from web.rows.meetings import SeriesState
from web.rows.messages import LetterState
from web.services import signups
from web.services.facilitators import access
from web.services.schedule import rescheduling
from web.services.schedule.rescheduling import DateBegun, NotPublished, TooFew, Unchanged
from web.services.schedule.sessions import Times, WouldAffect
from web.transaction import transaction

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def here(app: Flask, cast: Cast) -> dict[str, int]:
    """Who sits at the first evening; four others sit at the second, and Tess waits."""
    found = table(app, cast, "Bart Els Fatma Gijs")
    others = table(app, cast, "Henk Noor Ria Wim")
    casting.sign_up(app, cast, "Tess")
    one, two, _three = cast.sessions
    publish(cast, {(one, 1): list(found.values()), (two, 1): list(others.values())})
    return found


@pytest.fixture
def row(cast: Cast, here: dict[str, int]) -> TimeSlot:
    return db.session.get_one(TimeSlot, cast.sessions[0])


def test_everybody_with_a_seat_gets_one_letter_and_nobody_else_hears(
    cast: Cast, here: dict[str, int], row: TimeSlot
) -> None:
    before = {i.signup_id: (i.uid, i.token) for i in invitations(row)}
    for invitation in invitations(row):
        invitation.partstat = Partstat.ACCEPTED
    date, uid = row.gatherings[0].id, row.gatherings[0].uid
    move(cast, row, later(row))
    assert due() == {id: ["changed"] for id in here.values()}
    assert [(g.id, g.uid, g.starts, g.sequence) for g in row.gatherings] == [(date, uid, JANUARY + HOUR, 1)]
    after = invitations(row)
    assert {i.signup_id: (i.uid, i.token) for i in after} == before
    assert {(i.sequence, i.changed_sequence, i.partstat) for i in after} == {(1, 1, Partstat.NEEDS_ACTION)}


def test_another_place_or_link_is_told_and_asks_for_a_new_answer(
    cast: Cast, here: dict[str, int], row: TimeSlot
) -> None:
    school = Venue(organisation_id=cast.organisation, name="De School", address="Laan 2", access=["step_free"])
    db.session.add(school)
    db.session.flush()
    move(cast, row, replace(as_it_is(row), venue_id=school.id))
    assert due() == {id: ["changed"] for id in here.values()}
    assert {i.told["place"] for i in invitations(row)} == {"De School, Laan 2"}
    assert row.gatherings[0].sequence == 1
    post()
    move(cast, row, replace(as_it_is(row), mode="online", link="https://kamer.example/1"))
    assert {(i.sequence, i.told["link"], i.told["place"]) for i in invitations(row)} == {
        (2, "https://kamer.example/1", "")
    }
    assert (row.venue_id, row.gatherings[0].sequence) == (None, 2)


def test_two_moves_before_sending_are_one_letter_with_the_last_facts(cast: Cast, row: TimeSlot) -> None:
    move(cast, row, later(row))
    move(cast, row, later(row))
    assert set(map(tuple, due().values())) == {("changed",)}
    assert {(i.sequence, i.told["starts"]) for i in invitations(row)} == {(1, (JANUARY + 2 * HOUR).isoformat())}
    letter = db.session.query(DueLetter).filter_by(state=LetterState.DUE, kind="changed").first()
    assert letter.content["before"][0]["starts"] == JANUARY.isoformat(), "what they were told, not what it was between"
    (leader,) = to_leaders()
    assert [one["starts"] for one in leader.content["before"]] == [JANUARY.isoformat()]


def test_of_several_dates_only_the_one_that_moves_is_told(app: Flask, cast: Cast) -> None:
    row = db.session.get_one(TimeSlot, cast.sessions[0])
    several(row, 7, 14)
    seated = table(app, cast, "Bart Els Fatma Gijs")
    publish(cast, {(row.id, 1): list(seated.values())})
    ids = [gathering.id for gathering in row.gatherings]
    first, second, third = as_it_is(row).gatherings
    # Past the last one: were dates matched by their order only, two would seem to move.
    moved = (second[0] + timedelta(days=10), second[1] + timedelta(days=10))
    move(cast, row, Times(gatherings=(first, third, moved), venue_id=row.venue_id))
    assert {g.id: (g.starts, g.sequence) for g in row.gatherings} == {
        ids[0]: (first[0], 0),
        ids[1]: (moved[0], 1),
        ids[2]: (third[0], 0),
    }
    assert due() == {id: ["changed"] for id in seated.values()}
    assert {
        letter.invitation.gathering_id
        for letter in db.session.query(DueLetter).filter_by(state=LetterState.DUE)
        if letter.invitation
    } == {ids[1]}


def test_a_new_date_for_the_same_group_is_an_invitation_and_a_date_left_out_is_refused(
    cast: Cast, here: dict[str, int], row: TimeSlot
) -> None:
    times = as_it_is(row)
    week = timedelta(days=7)
    extra = (times.gatherings[0][0] + week, times.gatherings[0][1] + week)
    move(cast, row, replace(times, gatherings=(*times.gatherings, extra)))
    assert due() == {id: ["placed"] for id in here.values()}
    assert len({i.uid for i in invitations(row)}) == 2
    with pytest.raises(TooFew):
        move(cast, row, replace(times, gatherings=(extra,)))
    assert len(row.dates) == 2


def test_by_phone_it_is_one_letter_on_the_call_list(app: Flask, cast: Cast) -> None:
    row = db.session.get_one(TimeSlot, cast.sessions[0])
    several(row, 7)
    called = casting.sign_up(app, cast, "Kees", reach="call", phone="+31612345678", email=None).signup
    publish(cast, {(row.id, 1): [called.id]})
    move(cast, row, later(row))
    (letter,) = db.session.query(DueLetter).filter_by(signup_id=called.id, state=LetterState.DUE)
    assert (letter.kind, letter.channel, len(letter.content["before"])) == ("changed", "call", 2)


def test_what_was_shown_is_what_happens_and_nothing_is_kept_of_looking(
    app: Flask, cast: Cast, here: dict[str, int], row: TimeSlot
) -> None:
    with transaction(db.session):
        signups.leave(db.session, person(here["Gijs"]), now=NOW)
    person(here["Els"]).bounced_at = NOW
    db.session.commit()
    post()
    lines = db.session.query(AuditLine).count()
    seen = rescheduling.preview_move(
        db.session, row, later(row), now=NOW, settings=world.settings(), vault=world.vault()
    )
    assert [one.name for one in seen.people] == ["Bart", "Els", "Fatma"]
    assert (seen.letters, [one.name for one in seen.leaders]) == ({"email": 2, "call": 1}, ["Chantal"])
    assert (due(), to_leaders(), row.starts, db.session.query(AuditLine).count()) == ({}, [], JANUARY, lines)
    move(cast, row, later(row))
    assert set(due()) == {one.id for one in seen.people}


def test_who_did_not_hear_of_the_place_yet_is_shown_too(cast: Cast, here: dict[str, int], row: TimeSlot) -> None:
    move(cast, row, later(row))
    seen = rescheduling.preview_move(
        db.session, row, later(row), now=NOW, settings=world.settings(), vault=world.vault()
    )
    assert {one.id for one in seen.people} == set(here.values())


def test_a_place_without_a_ramp_is_shown_before_it_is_too_late(app: Flask, cast: Cast) -> None:
    row = db.session.get_one(TimeSlot, cast.sessions[0])
    seated = table(app, cast, "Bart Els Fatma Gijs Henk Noor", needs=("step_free",))
    publish(cast, {(row.id, 1): list(seated.values())})
    attic = Venue(organisation_id=cast.organisation, name="De Zolder", access=[])
    db.session.add(attic)
    db.session.commit()
    look = {"now": NOW, "settings": world.settings(), "vault": world.vault()}
    seen = rescheduling.preview_move(db.session, row, replace(as_it_is(row), venue_id=attic.id), **look)
    assert "access" in seen.broken
    assert rescheduling.preview_move(db.session, row, later(row), **look).broken == ()


def test_facilitators_hear_of_it_and_their_door_opens_in_the_new_hours(cast: Cast, clock: Clock, row: TimeSlot) -> None:
    hours = world.settings().facilitator_link
    move(cast, row, later(row, timedelta(days=30)))
    (letter,) = to_leaders()
    assert (letter.kind, letter.facilitator_id, letter.channel) == ("list_changed", cast.chantal, "email")
    assert (letter.content["session_id"], letter.content["reason"]) == (row.id, "moved")
    link = db.session.query(FacilitatorLink).filter_by(session_id=row.id).one()
    starts = JANUARY + timedelta(days=30)
    assert link.opens_at == starts - timedelta(hours=hours.hours_before)
    assert link.expires_at == starts + 2.5 * HOUR + timedelta(hours=hours.hours_after)
    other = db.session.query(FacilitatorLink).filter_by(session_id=cast.sessions[1]).one()
    assert other.opens_at == JANUARY + timedelta(days=2) - timedelta(hours=hours.hours_before)


def test_a_link_that_still_lies_here_goes_out_with_the_new_hours_and_is_enough(cast: Cast, row: TimeSlot) -> None:
    owner = {"organisation_id": cast.organisation, "project_id": cast.project, "series_id": cast.series}
    content = {"secret": "x", "pin": "1", "session_id": row.id}
    db.session.add(
        DueLetter(
            **owner,
            key="x",
            kind="list_ready",
            channel="email",
            facilitator_id=cast.chantal,
            content=content,
            due_at=NOW,
        )
    )
    db.session.commit()
    move(cast, row, later(row))
    assert [letter.kind for letter in to_leaders()] == ["list_ready"]


def test_a_closed_door_stays_closed(cast: Cast, row: TimeSlot) -> None:
    link = db.session.query(FacilitatorLink).filter_by(session_id=row.id).one()
    access.revoke(db.session, link.facilitator, row)
    db.session.commit()
    opens = link.opens_at
    move(cast, row, later(row))
    db.session.refresh(link)
    assert (link.revoked, link.opens_at) == (True, opens)


def offer(cast: Cast, row: TimeSlot, here: dict[str, int]) -> Offer:
    owner = {"organisation_id": cast.organisation, "project_id": cast.project, "series_id": cast.series}
    found = Offer(
        **owner, session_id=row.id, number=1, signup_id=here["Bart"], party="p", token="t", token_hash="h",
        made_at=NOW, until=NOW + HOUR,
    )  # fmt: skip
    db.session.add(found)
    db.session.commit()
    return found


def test_an_offered_place_at_another_time_is_taken_back_and_at_another_address_it_stands(
    cast: Cast, here: dict[str, int], row: TimeSlot
) -> None:
    open_one = offer(cast, row, here)
    # Whoever has a seat is asked for no other.
    db.session.query(Seat).filter_by(signup_id=here["Bart"]).delete()
    db.session.commit()
    move(cast, row, replace(as_it_is(row), venue_id=None))
    assert open_one.state == OfferState.OPEN
    move(cast, row, later(row))
    db.session.refresh(open_one)
    assert (open_one.state, open_one.ended_at) == (OfferState.WITHDRAWN, NOW)


def test_a_series_that_is_closed_can_still_move_and_one_that_is_finished_cannot(cast: Cast, row: TimeSlot) -> None:
    series = db.session.get_one(Series, cast.series)
    series.state = SeriesState.CLOSED
    db.session.commit()
    move(cast, row, later(row))
    series.state = SeriesState.FINISHED
    db.session.commit()
    with pytest.raises(DateBegun):
        move(cast, row, later(row))


def test_what_cannot_be_moved_is_refused_and_leaves_nothing_behind(cast: Cast, clock: Clock, row: TimeSlot) -> None:
    with pytest.raises(NotPublished):
        third = db.session.get_one(TimeSlot, cast.sessions[2])
        move(cast, third, later(third))
    with pytest.raises(Unchanged):
        move(cast, row, as_it_is(row))
    with pytest.raises(DateBegun):
        move(cast, row, later(row, timedelta(days=-100)))
    with pytest.raises(WouldAffect):
        move(cast, row, later(row), sure=False)
    clock.now = JANUARY + timedelta(minutes=5)
    with pytest.raises(DateBegun):
        move(cast, row, Times(gatherings=(), venue_id=None))
    db.session.commit()
    assert (due(), row.starts, row.venue_id, row.gatherings[0].sequence) == ({}, JANUARY, cast.venue, 0)


def test_of_two_organisers_the_second_looks_again(cast: Cast, row: TimeSlot) -> None:
    seen = rescheduling.version_of(row)
    move(cast, row, later(row), version=seen)
    with pytest.raises(Overtaken):
        move(cast, row, later(row), version=seen)
    assert row.starts == JANUARY + HOUR


def test_a_date_that_was_moved_is_later_in_every_calendar(cast: Cast, row: TimeSlot) -> None:
    stamps = []
    for _ in range(3):
        move(cast, row, later(row))
        stamps.append(row.gatherings[0].changed_at)
    assert stamps == sorted(set(stamps))
    assert all(stamp.microsecond == 0 for stamp in stamps)


def test_the_log_says_who_moved_it(cast: Cast, row: TimeSlot) -> None:
    move(cast, row, later(row))
    line = db.session.query(AuditLine).filter_by(what="move session").one()
    assert (line.who, line.about, line.project_id) == (f"staff:{cast.amina}", f"session:{row.id}", cast.project)


def test_invitations_of_another_evening_stay_as_they_were(cast: Cast, row: TimeSlot) -> None:
    other = db.session.get_one(TimeSlot, cast.sessions[1])
    before = [(i.sequence, i.stamp, i.told) for i in invitations(other)]
    move(cast, row, later(row))
    assert [(i.sequence, i.stamp, i.told) for i in invitations(other)] == before
    assert {i.state for i in invitations(row)} == {InvitationState.ON}
    assert db.session.query(Gathering).filter(Gathering.sequence > 0).count() == 1
