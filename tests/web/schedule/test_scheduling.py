"""Times before there are groups: who chose one hears that it changed, and dates keep their identity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from tests.web.moving import HOUR, JANUARY, due, invitations, post, publish, several
from web.rows import Availability, DueLetter, Gathering, PlanGroup, Staff, TimeSlot, db
from web.rows.invitations import OFF
from web.rows.messages import DUE
from web.services import signups
from web.services.invitations import reconciling
from web.services.schedule import affected, dates, sessions
from web.services.schedule.sessions import InPlan, Times, WouldAffect
from web.transaction import transaction


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def row(cast: Cast) -> TimeSlot:
    return db.session.get_one(TimeSlot, cast.sessions[0])


def same(row: TimeSlot) -> Times:
    spans = tuple((gathering.starts, gathering.ends) for gathering in row.dates)
    return Times(
        gatherings=spans, venue_id=row.venue_id, mode=row.mode, groups=row.groups, facilitators=tuple(row.facilitators)
    )


def shifted(row: TimeSlot, by: timedelta = HOUR) -> Times:
    return replace(same(row), gatherings=tuple((starts + by, ends + by) for starts, ends in same(row).gatherings))


def change(cast: Cast, row: TimeSlot, times: Times, **more: Any) -> None:
    by = db.session.get_one(Staff, cast.amina)
    with transaction(db.session):
        sessions.change(db.session, row, times, by=by, **{"now": NOW, "sure": True, **more})


def drop(cast: Cast, row: TimeSlot, **more: Any) -> None:
    by = db.session.get_one(Staff, cast.amina)
    with transaction(db.session):
        sessions.drop(db.session, row, by=by, **{"now": NOW, "sure": True, **more})


def letter(signup_id: int) -> DueLetter:
    return db.session.query(DueLetter).filter_by(signup_id=signup_id, state=DUE, kind="times_changed").one()


def test_who_chose_a_time_that_moves_gets_a_letter_and_nobody_else(app: Flask, cast: Cast, row: TimeSlot) -> None:
    bart = casting.sign_up(app, cast, "Bart").signup.id
    kees = casting.sign_up(app, cast, "Kees", reach="call", phone="+31612345678", email=None).signup.id
    casting.sign_up(app, cast, "Els", sessions=frozenset(cast.sessions[1:]))
    gone = casting.sign_up(app, cast, "Gijs").signup
    with transaction(db.session):
        signups.leave(db.session, gone, now=NOW)
    with pytest.raises(WouldAffect):
        change(cast, row, shifted(row), sure=False)
    db.session.rollback()
    date = row.gatherings[0].id
    change(cast, row, shifted(row))
    assert due() == {bart: ["times_changed"], kees: ["times_changed"]}
    assert (letter(bart).channel, letter(kees).channel) == ("email", "call")
    told = letter(bart).content
    assert (told["reason"], [one["starts"] for one in told["before"]]) == ("moved", [JANUARY.isoformat()])
    assert [(g.id, g.starts, g.sequence) for g in row.gatherings] == [(date, JANUARY + HOUR, 1)]


def test_changes_before_the_letter_goes_out_are_one_letter(app: Flask, cast: Cast, row: TimeSlot) -> None:
    bart = casting.sign_up(app, cast, "Bart").signup.id
    change(cast, row, shifted(row))
    change(cast, row, shifted(row))
    drop(cast, db.session.get_one(TimeSlot, cast.sessions[1]))
    before = [datetime.fromisoformat(one["starts"]) for one in letter(bart).content["before"]]
    assert before == [JANUARY, JANUARY + timedelta(days=2)]
    post()
    change(cast, row, shifted(row))
    assert due() == {bart: ["times_changed"]}


def test_who_chose_a_time_that_goes_away_gets_a_letter(app: Flask, cast: Cast, row: TimeSlot) -> None:
    bart = casting.sign_up(app, cast, "Bart").signup.id
    drop(cast, row)
    assert db.session.query(TimeSlot).count() == 2
    assert db.session.query(Availability).count() == 1
    assert letter(bart).content["reason"] == "dropped"


def test_another_size_is_told_to_nobody_and_is_no_version(app: Flask, cast: Cast, row: TimeSlot) -> None:
    casting.sign_up(app, cast, "Bart")
    change(cast, row, replace(same(row), groups=4), sure=False)
    assert (due(), row.groups, row.gatherings[0].sequence) == ({}, 4, 0)


def test_who_can_come_at_no_other_time_is_shown_first(app: Flask, cast: Cast, row: TimeSlot) -> None:
    casting.sign_up(app, cast, "Els")
    casting.sign_up(app, cast, "Bart", sessions=frozenset({row.id}))
    assert [(one.signup.name, one.only) for one in affected.affected(db.session, row)] == [
        ("Bart", True),
        ("Els", False),
    ]
    other = db.session.get_one(TimeSlot, cast.sessions[1])
    other.gatherings[0].called_off_at = NOW
    db.session.commit()
    assert all(one.only for one in affected.affected(db.session, row)), "what is called off is no other time"


def test_a_published_time_moves_and_goes_by_another_way(app: Flask, cast: Cast, row: TimeSlot) -> None:
    publish(cast, {(row.id, 1): [casting.sign_up(app, cast, "Bart").signup.id]})
    for times in (shifted(row), replace(same(row), venue_id=None), replace(same(row), mode="online")):
        with pytest.raises(InPlan):
            change(cast, row, times)
    with pytest.raises(InPlan):
        drop(cast, row)
    db.session.rollback()
    change(cast, row, replace(same(row), groups=3, seats=20))
    assert (row.groups, row.seats, row.starts, due()) == (3, 20, JANUARY, {})


def test_a_time_with_old_invitations_is_called_off_instead_of_lost(app: Flask, cast: Cast, row: TimeSlot) -> None:
    """Else the cancellation that still waits would go with its rows."""
    bart = casting.sign_up(app, cast, "Bart").signup.id
    series = publish(cast, {(row.id, 1): [bart]})
    db.session.query(PlanGroup).delete()
    reconciling.reconcile(db.session, series, NOW)
    db.session.commit()
    assert due() == {bart: ["cancelled"]}
    drop(cast, row)
    assert due() == {bart: ["cancelled", "times_changed"]}
    assert ([i.state for i in invitations(row)], row.called_off) == ([OFF], True)


def test_fewer_dates_are_fewer_rows_unless_somebody_was_invited(app: Flask, cast: Cast, row: TimeSlot) -> None:
    several(row, 7, 14)
    first, _second, third = same(row).gatherings
    ids = [gathering.id for gathering in row.gatherings]
    change(cast, row, replace(same(row), gatherings=(first, third)))
    assert [gathering.id for gathering in row.gatherings] == [ids[0], ids[2]]
    series = publish(cast, {(row.id, 1): [casting.sign_up(app, cast, "Bart").signup.id]})
    db.session.query(PlanGroup).delete()
    reconciling.reconcile(db.session, series, NOW)
    db.session.commit()
    change(cast, row, replace(same(row), gatherings=(first,)))
    assert [bool(gathering.called_off_at) for gathering in row.gatherings] == [False, True]


def days(*numbers: int) -> list[Gathering]:
    return [Gathering(starts=JANUARY + timedelta(days=n), ends=JANUARY + timedelta(days=n, hours=2)) for n in numbers]


@pytest.mark.parametrize(
    ("known", "wished", "expected"),
    [
        ([0, 7, 14], [0, 7, 14], [(0, 0), (7, 7), (14, 14)]),
        ([0, 7, 14], [0, 14, 21], [(0, 0), (14, 14), (7, 21)]),
        ([0, 7, 14], [1, 8, 15], [(0, 1), (7, 8), (14, 15)]),
        ([0, 7], [0, 7, 14], [(0, 0), (7, 7), (None, 14)]),
        ([0, 7, 14], [7, 14], [(7, 7), (14, 14), (0, None)]),
        ([], [3], [(None, 3)]),
    ],
)
def test_a_date_that_stays_on_its_day_is_the_same_date(
    known: list[int], wished: list[int], expected: list[tuple[int | None, int | None]]
) -> None:
    rows, spans = days(*known), [(g.starts + HOUR, g.ends + HOUR) for g in days(*wished)]
    found = [
        (None if g is None else (g.starts - JANUARY).days, None if span is None else (span[0] - JANUARY).days)
        for g, span in dates.paired(rows, spans)
    ]
    assert found == expected
