"""Reminders: whom they reach and when; never at night, never twice, never after a cancellation, never stale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from config import Reminders
from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from web import world
from web.jobs import send_due, worldly
from web.rows import DueLetter, Invitation, Signup, TimeSlot, db
from web.rows.invitations import Partstat
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.services.invitations import reconciling
from web.services.messages.scheduled import reminding
from web.services.outbox import reminder_hours
from web.services.outbox.packing import LetterOvertaken, pack
from web.transaction import transaction
from web.world import ZONE, local

pytestmark = pytest.mark.slow

RULES = Reminders()
START = datetime(2027, 1, 12, 17, tzinfo=UTC)
"""The first evening: 18.00 in Amsterdam, so a reminder falls due at that hour."""
WEEK, DAY = START - timedelta(days=7), START - timedelta(days=1)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def bart(app: Flask, cast: Cast) -> Signup:
    """He has a place on the first evening, and was told so long ago."""
    return invited(app, cast, "Bart")


def invited(app: Flask, cast: Cast, name: str, evenings: int = 1, **more: object) -> Signup:
    """Somebody with a place on the first evenings, who was told so long ago."""
    signup = casting.sign_up(app, cast, name, **more).signup
    casting.plan_of(cast, {(evening, 1): [signup.id] for evening in cast.sessions[:evenings]})
    reconciling.reconcile(db.session, signup.series, NOW)
    told()
    return signup


def told(at: datetime = NOW) -> None:
    db.session.query(DueLetter).filter_by(state=LetterState.DUE).update({"state": LetterState.SENT, "sent_at": at})
    db.session.commit()


def run(at: datetime) -> int:
    with transaction(db.session):
        return reminding.run(db.session, at, world.settings())


def reminders(signup: Signup) -> list[DueLetter]:
    mine = DueLetter.signup_id == signup.id, DueLetter.kind.startswith("reminder")
    return db.session.query(DueLetter).filter(*mine).order_by(DueLetter.id).all()


def kinds(signup: Signup) -> list[str]:
    return [letter.kind for letter in reminders(signup)]


def invitation(signup: Signup) -> Invitation:
    return db.session.query(Invitation).filter_by(signup_id=signup.id).order_by(Invitation.id).first()


# When


def test_a_week_before_and_a_day_before_at_the_hour_at_which_it_begins(bart: Signup) -> None:
    for due in (WEEK, DAY):
        assert [run(at) for at in (due - MINUTE, due, due + MINUTE)] == [0, 1, 0]
    week, day = reminders(bart)
    assert (week.kind, week.due_at, day.kind, day.due_at) == ("reminder_week", WEEK, "reminder_day", DAY)
    assert all(
        letter.invitation_id and letter.channel == "email" and letter.state == LetterState.DUE for letter in (week, day)
    )


@given(
    day=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    at=st.times(),
    days=st.integers(1, 30),
    hours=st.tuples(st.integers(7, 12), st.integers(13, 21)),
)
def test_whenever_it_begins_a_reminder_falls_by_day_on_its_own_date(
    day: date, at: time, days: int, hours: tuple[int, int]
) -> None:
    starts = datetime.combine(day, at, ZONE).astimezone(UTC)
    rules = Reminders((days,), *hours)
    due = reminder_hours.falls_due(starts, days, rules)
    assert reminder_hours.awake(due, rules)
    assert local(due).date() == local(starts).date() - timedelta(days=days)
    assert due < starts


@given(begins=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)), now=st.integers(0, 800))
def test_never_two_reminders_of_a_date_are_of_use_at_once_and_none_after_the_start(begins: datetime, now: int) -> None:
    rules = Reminders((14, 7, 3, 1))
    moment = begins - timedelta(hours=400) + timedelta(hours=now)
    of_use = [
        days
        for days in rules.days
        if reminder_hours.falls_due(begins, days, rules) <= moment < reminder_hours.until(begins, days, rules)
    ]
    assert len(of_use) <= 1
    assert reminder_hours.fresh(begins, moment, rules) == next(iter(of_use), None)
    assert moment < begins or not of_use


@pytest.mark.parametrize(("begins", "falls"), [(time(8), time(9)), (time(20, 30), time(19)), (time(23), time(19))])
def test_what_would_fall_at_night_falls_by_day_on_the_same_date(begins: time, falls: time) -> None:
    starts = datetime.combine(date(2027, 1, 12), begins, ZONE)
    assert local(reminder_hours.falls_due(starts, 1, RULES)) == datetime.combine(date(2027, 1, 11), falls, ZONE)


def test_at_night_none_is_written_and_the_morning_brings_what_is_still_of_use(bart: Signup) -> None:
    night = datetime(2027, 1, 11, 22, tzinfo=UTC)
    assert run(night) == 0
    assert run(datetime(2027, 1, 12, 7, 59, tzinfo=UTC)) == 0
    assert run(datetime(2027, 1, 12, 8, tzinfo=UTC)) == 1


def test_a_reminder_that_did_not_go_out_by_day_waits_for_the_morning(bart: Signup) -> None:
    """The mail server was down; after a fault it would be tried again at any hour."""
    run(DAY)
    letter = reminders(bart)[0]
    letter.tries, letter.due_at = 3, datetime(2027, 1, 11, 22, 30, tzinfo=UTC)
    run(datetime(2027, 1, 11, 22, 15, tzinfo=UTC))
    assert (letter.due_at, letter.tries) == (datetime(2027, 1, 12, 8, tzinfo=UTC), 0)
    run(datetime(2027, 1, 12, 3, tzinfo=UTC))
    assert letter.due_at == datetime(2027, 1, 12, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "kind"),
    [
        (WEEK + timedelta(days=1), []),
        (DAY - timedelta(days=4), []),
        (START - timedelta(hours=3), ["reminder_day"]),
        (START - timedelta(hours=2), []),
        (START + HOUR, []),
    ],
)
def test_a_worker_that_was_down_sends_nothing_stale(bart: Signup, at: datetime, kind: list[str]) -> None:
    run(at)
    assert kinds(bart) == kind


def test_a_call_that_nobody_made_does_not_stand_in_the_way_of_the_next_date(app: Flask, cast: Cast) -> None:
    els = invited(app, cast, "Els", evenings=2, reach="call", email=None, phone="+31612345678")
    assert run(DAY) == 1
    for hours in range(60):
        run(DAY + hours * HOUR)
    assert [(letter.kind, letter.state) for letter in reminders(els)] == [
        ("reminder_day", LetterState.OVERTAKEN),
        ("reminder_day", LetterState.DUE),
    ]


def test_whole_weeks_of_the_clock_bring_each_reminder_once_by_day_and_at_most_one_a_day(app: Flask, cast: Cast) -> None:
    bart = invited(app, cast, "Bart", evenings=3)
    at = WEEK - timedelta(days=2)
    while at < START + timedelta(days=6):
        run(at)
        told(at)
        at += timedelta(minutes=20)
    written = reminders(bart)
    assert len(written) == 6
    assert len({letter.key for letter in written}) == 6
    assert Counter(letter.kind for letter in written) == {"reminder_week": 3, "reminder_day": 3}
    days = {(letter.kind, local(letter.due_at).date()) for letter in written}
    mails = {"reminder_week": 1, "reminder_day": 3}
    assert Counter(kind for kind, _day in days) == mails, "dates of a week are one mail"
    assert len({day for _kind, day in days}) == 4
    assert all(reminder_hours.awake(letter.due_at, RULES) for letter in written)


def test_of_two_reminders_on_one_day_the_nearer_date_goes_first_and_the_other_the_next_morning(
    app: Flask, cast: Cast
) -> None:
    far = db.session.get_one(TimeSlot, cast.sessions[1]).gatherings[0]
    far.starts, far.ends = START + timedelta(days=6), START + timedelta(days=6, hours=2)
    bart = invited(app, cast, "Bart", evenings=2)
    assert run(DAY) == 1
    assert run(DAY + HOUR) == 0
    assert run(datetime(2027, 1, 12, 8, tzinfo=UTC)) == 1
    assert kinds(bart) == ["reminder_day", "reminder_week"]
    assert reminders(bart)[1].invitation.gathering_id == far.id


# Whom


def leave(signup: Signup) -> None:
    signup.state = SignupState.LEFT


def decline(signup: Signup) -> None:
    invitation(signup).partstat = Partstat.DECLINED


def be_quiet(signup: Signup) -> None:
    signup.quiet = True


def lose_the_place(signup: Signup) -> None:
    invitation(signup).state = "off"


def call_off(signup: Signup) -> None:
    invitation(signup).gathering.called_off_at = NOW


GONE = [leave, decline, be_quiet, lose_the_place, call_off]


@pytest.mark.parametrize("happen", GONE)
def test_who_does_not_come_or_wants_none_gets_none(bart: Signup, happen: object) -> None:
    happen(bart)  # type: ignore[operator]
    db.session.commit()
    assert [run(at) for at in (WEEK, DAY)] == [0, 0]


@pytest.mark.parametrize("happen", [*GONE, None])
def test_what_happened_after_it_was_written_stops_it_at_the_door(app: Flask, bart: Signup, happen: object) -> None:
    run(DAY)
    letter = reminders(bart)[0]
    if happen is not None:
        happen(bart)  # type: ignore[operator]
    reconciling.reconcile(db.session, bart.series, DAY)
    db.session.commit()
    if happen is None:
        assert pack(db.session, letter, DAY, worldly(app)).calendars == ()
        return
    with pytest.raises(LetterOvertaken):
        pack(db.session, letter, DAY, worldly(app))


@pytest.mark.parametrize(("kind", "at"), [("reminder_day", START - HOUR), ("reminder_week", WEEK + timedelta(days=2))])
def test_a_reminder_that_waited_too_long_is_not_sent(app: Flask, bart: Signup, kind: str, at: datetime) -> None:
    run(DAY if kind == "reminder_day" else WEEK)
    app.extensions["clock"].now = at
    send_due(app)
    letter = reminders(bart)[0]
    assert (letter.kind, letter.state, letter.content) == (kind, LetterState.OVERTAKEN, None)


@pytest.mark.parametrize("partstat", [Partstat.ACCEPTED, Partstat.TENTATIVE])
def test_who_said_yes_or_maybe_is_reminded(bart: Signup, partstat: str) -> None:
    invitation(bart).partstat = partstat
    assert run(DAY) == 1


def test_who_just_heard_needs_no_reminder(app: Flask, cast: Cast) -> None:
    bart = invited(app, cast, "Bart")
    told_at = db.session.query(DueLetter).filter_by(signup_id=bart.id, kind="placed").one()
    told_at.sent_at = WEEK - timedelta(days=1)
    assert run(WEEK) == 0
    told_at.sent_at = DAY - timedelta(hours=3)
    assert run(DAY) == 0
    told_at.sent_at = DAY - timedelta(hours=13)
    assert run(DAY) == 1
    assert kinds(bart) == ["reminder_day"]


def test_who_was_not_even_invited_yet_is_not_reminded(bart: Signup) -> None:
    """The invitation lies in the outbox: it tells the same, and comes first."""
    db.session.query(DueLetter).filter_by(kind="placed").update({"state": LetterState.DUE, "sent_at": None})
    assert run(DAY) == 0


def test_a_date_that_moved_has_reminders_of_its_own(bart: Signup) -> None:
    run(WEEK)
    gathering = invitation(bart).gathering
    gathering.starts += timedelta(days=14)
    gathering.ends += timedelta(days=14)
    reconciling.reconcile(db.session, bart.series, WEEK + HOUR)
    told(WEEK + HOUR)
    assert run(DAY) == 0, "it is no longer tomorrow"
    assert run(WEEK + timedelta(days=14)) == 1
    assert len({letter.key for letter in reminders(bart)}) == 2


def test_a_reminder_of_what_was_told_before_is_not_sent_after_a_change(app: Flask, bart: Signup) -> None:
    run(DAY)
    gathering = invitation(bart).gathering
    gathering.starts += HOUR
    gathering.ends += HOUR
    reconciling.reconcile(db.session, bart.series, DAY + MINUTE)
    with pytest.raises(LetterOvertaken):
        pack(db.session, reminders(bart)[0], DAY + MINUTE, worldly(app))


# By hand


@pytest.mark.parametrize(
    ("reach", "partstat", "kind"),
    [
        ("call", "NEEDS-ACTION", ["reminder_day"]),
        ("call", Partstat.TENTATIVE, ["reminder_day"]),
        ("call", Partstat.ACCEPTED, []),
        ("via", "NEEDS-ACTION", ["reminder_day"]),
        ("text", "NEEDS-ACTION", ["reminder_day"]),
        ("letter", "NEEDS-ACTION", []),
    ],
)
def test_who_is_reached_by_people_hears_once_and_only_if_they_did_not_say_yes(
    app: Flask, cast: Cast, reach: str, partstat: str, kind: list[str]
) -> None:
    els = invited(app, cast, "Els", reach=reach, email=None, phone="+31612345678", via="de balie")
    invitation(els).partstat = partstat
    for at in (WEEK, DAY):
        run(at)
    assert kinds(els) == kind
    assert all(letter.channel == reach for letter in reminders(els))


def test_with_a_gateway_text_messages_go_by_themselves(app: Flask, cast: Cast) -> None:
    els = invited(app, cast, "Els", reach="text", email=None, phone="+31612345678")
    settings = world.settings()
    settings = replace(settings, text_messages=replace(settings.text_messages, kind="http", url="https://sms.example/"))
    assert [reminding.run(db.session, at, settings) for at in (WEEK, DAY)] == [1, 1]
    assert kinds(els) == ["reminder_week", "reminder_day"]


# What it says


@pytest.mark.parametrize("language", ["nl", "en"])
def test_it_says_when_and_where_and_how_not_to_come_in_their_own_language(
    app: Flask, cast: Cast, language: str
) -> None:
    bart = invited(app, cast, "Bart", language=language)
    run(DAY)
    parcel = pack(db.session, reminders(bart)[0], DAY, worldly(app))
    mine = invitation(bart)
    assert {"nl": "dinsdag 12 januari 2027, 18.00", "en": "Tuesday 12 January 2027, 18:00"}[language] in parcel.text
    assert "Buurthuis De Brink" in parcel.text
    assert f"/uitnodiging/{mine.token}" in parcel.text
    assert parcel.unsubscribe.endswith(f"/uitnodiging/{mine.token}/geen-herinnering")
    assert (parcel.calendars, parcel.language) == ((), language), "no calendar part in a reminder (rule 10)"
    assert parcel.from_address.startswith(f"rsvp-{mine.token}@")
