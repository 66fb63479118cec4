"""Dates that do not take place: struck through for who would come, once, and nobody loses more than the date."""

from __future__ import annotations

from collections.abc import Iterator
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
    call_off,
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
from web.rows import AuditLine, DueLetter, FacilitatorLink, Met, Offer, Series, TimeSlot, db
from web.rows.invitations import InvitationState, OfferState, Partstat
from web.rows.meetings import SeriesState
from web.rows.messages import LetterState
from web.services.groups import publishing
from web.services.invitations import reconciling
from web.services.messages import tasks as tasks_service
from web.services.plans import current, table_list
from web.services.plans.problem import problem_of
from web.services.privacy import met_before, retention_overview
from web.services.schedule import manage, rescheduling
from web.services.schedule.rescheduling import DateBegun, NotPublished
from web.services.schedule.sessions import Times

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def here(app: Flask, cast: Cast) -> dict[str, int]:
    """Who sits at the first evening; four others sit at the second."""
    found = table(app, cast, "Bart Els Fatma Gijs")
    others = table(app, cast, "Henk Noor Ria Wim")
    one, two, _three = cast.sessions
    publish(cast, {(one, 1): list(found.values()), (two, 1): list(others.values())})
    return found


@pytest.fixture
def row(cast: Cast, here: dict[str, int]) -> TimeSlot:
    return db.session.get_one(TimeSlot, cast.sessions[0])


def test_everybody_who_would_come_gets_one_cancellation_and_nobody_else_hears(
    cast: Cast, here: dict[str, int], row: TimeSlot
) -> None:
    no = next(i for i in invitations(row) if i.signup_id == here["Gijs"])
    no.partstat = Partstat.DECLINED
    db.session.commit()
    seen = rescheduling.preview_call_off(db.session, row, now=NOW, settings=world.settings())
    call_off(cast, row)
    assert due() == {here[name]: ["cancelled"] for name in ("Bart", "Els", "Fatma")}
    assert {one.id for one in seen.people} == set(due())
    assert {(i.state, i.sequence) for i in invitations(row)} == {(InvitationState.OFF, 1)}
    (date,) = row.gatherings
    assert (date.called_off_at, date.sequence, date.changed_at) == (NOW, 1, NOW)
    assert row.called_off


def test_called_off_twice_is_harmless(cast: Cast, row: TimeSlot) -> None:
    seen = rescheduling.version_of(row)
    call_off(cast, row, version=seen)
    letters, lines = db.session.query(DueLetter).count(), db.session.query(AuditLine).count()
    call_off(cast, row, version=seen)
    call_off(cast, row, version=seen, only=row.gatherings[0])
    assert db.session.query(DueLetter).count() == letters
    assert db.session.query(AuditLine).count() == lines
    assert row.gatherings[0].sequence == 1


def test_who_was_not_told_of_the_place_is_not_told_that_it_is_off(app: Flask, cast: Cast) -> None:
    seated = table(app, cast, "Bart Els")
    series = casting.plan_of(cast, {(cast.sessions[0], 1): list(seated.values())}).series
    reconciling.reconcile(db.session, series, NOW)
    db.session.commit()
    assert set(map(tuple, due().values())) == {("placed",)}
    row = db.session.get_one(TimeSlot, cast.sessions[0])
    assert rescheduling.preview_call_off(db.session, row, now=NOW, settings=world.settings()).people == ()
    call_off(cast, row)
    assert due() == {}


def test_one_date_of_several_is_off_and_the_group_goes_on(app: Flask, cast: Cast) -> None:
    row = db.session.get_one(TimeSlot, cast.sessions[0])
    several(row, 7, 14)
    seated = table(app, cast, "Bart Els Fatma Gijs")
    series = publish(cast, {(row.id, 1): list(seated.values())})
    call_off(cast, row, only=row.gatherings[1])
    assert [bool(gathering.called_off_at) for gathering in row.gatherings] == [False, True, False]
    assert due() == {id: ["cancelled"] for id in seated.values()}
    assert sorted(i.state for i in invitations(row)) == [InvitationState.OFF] * 4 + [InvitationState.ON] * 8
    assert rescheduling.without_place(db.session, series.id) == frozenset()
    assert {signup.priority for signup in map(person, seated.values())} == {0}
    (problem,) = [
        s for s in problem_of(db.session, series, world.settings(), world.vault()).sessions if s.id == str(row.id)
    ]
    assert problem.starts == (JANUARY, JANUARY + timedelta(days=14))


def test_facilitators_hear_of_it_and_offered_places_are_taken_back(
    cast: Cast, here: dict[str, int], row: TimeSlot
) -> None:
    owner = {"organisation_id": cast.organisation, "project_id": cast.project, "series_id": cast.series}
    offer = Offer(
        **owner, session_id=row.id, number=1, signup_id=here["Bart"], party="p", token="t", token_hash="h",
        made_at=NOW, until=NOW + HOUR,
    )  # fmt: skip
    db.session.add(offer)
    db.session.commit()
    move(cast, row, later(row, timedelta(hours=0.5)))
    call_off(cast, row)
    (letter,) = to_leaders()
    assert (letter.kind, letter.content["reason"]) == ("list_changed", "called_off")
    assert [one["starts"] for one in letter.content["before"]] == [JANUARY.isoformat()]
    db.session.refresh(offer)
    assert offer.state == OfferState.WITHDRAWN


def test_the_list_of_a_facilitator_holds_nobody_any_more(cast: Cast, row: TimeSlot) -> None:
    link = db.session.query(FacilitatorLink).filter_by(session_id=row.id).one()
    settings = world.settings()
    assert table_list.groups_of(db.session, link, settings, "nl").groups != ()
    call_off(cast, row)
    assert table_list.groups_of(db.session, link, settings, "nl").groups == ()


def test_who_has_no_place_any_more_goes_first_in_a_new_plan(
    app: Flask, cast: Cast, here: dict[str, int], row: TimeSlot
) -> None:
    series = db.session.get_one(Series, cast.series)
    series.state = SeriesState.CLOSED
    gave_up = next(i for i in invitations(row) if i.signup_id == here["Gijs"])
    gave_up.partstat = Partstat.DECLINED
    db.session.commit()
    seen = rescheduling.preview_call_off(db.session, row, now=NOW, settings=world.settings())
    call_off(cast, row)
    lost = {here["Bart"], here["Els"], here["Fatma"]}
    assert rescheduling.without_place(db.session, series.id) == lost
    assert seen.placeless == 3
    assert {id for id in here.values() if person(id).priority == 1} == lost
    assert {person(id).state for id in lost} == {"waiting"}
    tasks = tasks_service.standing(db.session, series, world.settings(), NOW).tasks
    assert [(task.kind, task.count) for task in tasks][:1] == [("placeless", 3)]
    problem = problem_of(db.session, series, world.settings(), world.vault())
    assert str(row.id) not in {session.id for session in problem.sessions}
    assert {person.id for person in problem.people} >= set(map(str, lost)), "they can come on the second evening too"
    assert all(str(row.id) not in person.sessions for person in problem.people)
    assert publishing.published(db.session, series).within(problem).seats_of(str(here["Bart"])) == []


def test_who_could_come_at_that_time_only_is_asked_for_another(app: Flask, cast: Cast) -> None:
    one, two, _three = cast.sessions
    only = casting.sign_up(app, cast, "Bart", sessions=frozenset({one})).signup
    publish(cast, {(one, 1): [only.id], (two, 1): [casting.sign_up(app, cast, "Els").signup.id]})
    call_off(cast, db.session.get_one(TimeSlot, one))
    series = db.session.get_one(Series, cast.series)
    assert ("stranded", 1) in [
        (t.kind, t.count) for t in tasks_service.standing(db.session, series, world.settings(), NOW).tasks
    ]
    problem = problem_of(db.session, series, world.settings(), world.vault())
    assert str(only.id) not in {person.id for person in problem.people}, "no sessions would mean: every session"


def test_it_does_not_come_back_but_a_new_date_is_a_new_invitation(
    cast: Cast, here: dict[str, int], row: TimeSlot
) -> None:
    call_off(cast, row)
    post()
    old = {i.uid for i in invitations(row)}
    week = timedelta(days=7)
    move(cast, row, Times(gatherings=((JANUARY + week, JANUARY + week + 2 * HOUR),), venue_id=cast.venue))
    assert due() == {id: ["placed"] for id in here.values()}
    fresh = [i for i in invitations(row) if i.state == InvitationState.ON]
    assert {i.uid for i in fresh}.isdisjoint(old)
    assert (row.starts, [bool(g.called_off_at) for g in row.gatherings]) == (JANUARY + week, [True, False])
    assert rescheduling.without_place(db.session, cast.series) == frozenset()


def test_nobody_met_where_it_did_not_take_place(app: Flask, cast: Cast, clock: Clock, row: TimeSlot) -> None:
    call_off(cast, row)
    clock.now = JANUARY + timedelta(days=30)
    assert met_before.run(db.session, clock.now, world.vault()) == 1, "the second evening did"
    assert db.session.query(Met).count() == 6


def test_a_series_is_over_and_forgotten_after_the_last_date_that_stands(cast: Cast, row: TimeSlot) -> None:
    series, retention = row.round.series, world.settings().retention
    third = db.session.get_one(TimeSlot, cast.sessions[2])
    between = JANUARY + timedelta(days=3)
    assert not manage.is_over(series, between)
    (kept,) = retention_overview.overview(db.session, cast.organisation, retention)
    assert kept.ends == third.gatherings[0].ends
    third.gatherings[0].called_off_at = NOW
    db.session.commit()
    assert manage.is_over(series, between)
    (kept,) = retention_overview.overview(db.session, cast.organisation, retention)
    assert kept.ends == JANUARY + timedelta(days=2) + 2.5 * HOUR
    for evening in series.sessions:
        evening.gatherings[0].called_off_at = NOW
    db.session.commit()
    (kept,) = retention_overview.overview(db.session, cast.organisation, retention)
    assert kept.ends == third.gatherings[0].ends, "where nothing stands, what was planned counts"
    assert not manage.is_over(series, between)


def test_no_place_is_free_where_nothing_takes_place(cast: Cast, row: TimeSlot) -> None:
    series = row.round.series
    assert current.free(db.session, series, world.settings())[row.id, 1] > 0
    call_off(cast, row)
    assert not current.free(db.session, series, world.settings()).get((row.id, 1))


def test_what_cannot_be_called_off_is_refused(cast: Cast, clock: Clock, row: TimeSlot) -> None:
    with pytest.raises(NotPublished):
        call_off(cast, db.session.get_one(TimeSlot, cast.sessions[2]))
    seen = rescheduling.version_of(row)
    move(cast, row, later(row))
    with pytest.raises(Overtaken):
        call_off(cast, row, version=seen)
    clock.now = row.starts
    with pytest.raises(DateBegun):
        call_off(cast, row)
    db.session.commit()
    assert not row.called_off


def test_moved_and_then_off_is_one_cancellation_of_what_was_known(cast: Cast, row: TimeSlot) -> None:
    move(cast, row, later(row))
    call_off(cast, row)
    assert set(map(tuple, due().values())) == {("cancelled",)}
    letters = db.session.query(DueLetter).filter_by(state=LetterState.DUE, kind="cancelled")
    assert {letter.sequence for letter in letters} == {2}, "above what may have been told"


def test_a_date_that_is_off_is_not_among_those_that_move(app: Flask, cast: Cast) -> None:
    row = db.session.get_one(TimeSlot, cast.sessions[0])
    several(row, 7)
    seated = table(app, cast, "Bart Els")
    publish(cast, {(row.id, 1): list(seated.values())})
    call_off(cast, row, only=row.gatherings[0])
    post()
    assert [starts for starts, _ in as_it_is(row).gatherings] == [JANUARY + timedelta(days=7)]
    move(cast, row, later(row))
    assert [(g.starts - JANUARY, bool(g.called_off_at)) for g in row.gatherings] == [
        (timedelta(), True),
        (timedelta(days=7, hours=1), False),
    ]
