"""Whatever happens in whatever order: in the end everybody knows, and every calendar shows, where they are expected.

The oracle reads the plan for itself, keeps calendars as a calendar program does, and reads letters as people do.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from tests.web.calendars_in_mailboxes import Shown
from tests.web.cast import Cast, Clock
from tests.web.stories import Story, settle, tell
from web.formatting import span
from web.rows import DueLetter, Gathering, Plan, Signup, TimeSlot, db
from web.rows.messages import LetterState
from web.rows.people import SignupState

STORIES, STEPS = 12, 25


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@dataclass(frozen=True)
class Seat:
    """A date at a table, as the plan has it."""

    person: int
    date: Gathering
    table: int

    @property
    def when(self) -> str:
        return span(self.date.starts, self.date.ends)

    @property
    def address(self) -> str:
        venue = self.date.session.venue if self.date.session.mode == "here" else None
        return f"{venue.name}, {venue.address}" if venue else ""

    @property
    def said(self) -> tuple[str, str]:
        """Where, and at which table, in the words of a letter."""
        return "online" if self.date.session.mode == "online" else self.address, str(self.table)

    @property
    def shown(self) -> tuple[datetime, datetime, str]:
        """In a calendar."""
        online = self.date.session.mode == "online"
        return self.date.starts, self.date.ends, (self.date.session.link or "") if online else self.address


def seats() -> list[Seat]:
    """Who is expected where: the current plan without who left and what is off."""
    plan = db.session.scalars(select(Plan).where(Plan.current)).one()
    there = [(seat.signup_id, group) for group in plan.groups for seat in group.seats]
    return [
        Seat(person, date, group.number)
        for person, group in there
        for date in db.session.get_one(TimeSlot, group.session_id).gatherings
        if date.called_off_at is None and db.session.get_one(Signup, person).state != SignupState.LEFT
    ]


@pytest.mark.parametrize("number", range(STORIES))
def test_everybody_knows_where_they_are_expected(app: Flask, cast: Cast, clock: Clock, number: int) -> None:
    story = Story(app, cast, clock, random.Random(number))
    tell(story, STEPS)
    settle(story)
    assert story.wrongs == []
    assert db.session.scalars(select(DueLetter.kind).where(DueLetter.state == LetterState.FAILED)).all() == []
    expected: dict[int, list[Seat]] = defaultdict(list)
    for seat in seats():
        expected[seat.person].append(seat)
    for person in story.people:
        if db.session.get_one(Signup, person).state != SignupState.LEFT:
            knows(story, person, expected[person])
    calendars(story, expected)


def knows(story: Story, person: int, expected: list[Seat]) -> None:
    """Every date where they are expected, at the right place and table, and no other."""
    known, name = story.heard[person].known(), db.session.get_one(Signup, person).name
    sure = {seat.when: seat.said for seat in expected if (person, seat.date.id) not in story.no}
    assert {when: known.get(when) for when in sure} == sure, name
    # Whoever said no to a date needs not hear that it is off.
    beyond = known.keys() - {seat.when for seat in expected} - {when for id, when in story.refused if id == person}
    assert not beyond, f"{name} still believes {beyond}"


def calendars(story: Story, expected: dict[int, list[Seat]]) -> None:
    """Every mailbox shows the dates of those who have it now, and no other."""
    owners: dict[str, list[int]] = defaultdict(list)
    for person in story.people:
        signup = db.session.get_one(Signup, person)
        if signup.reached_by == "email":
            owners[signup.contact["email"].lower()].append(person)
    for address, people in owners.items():
        found = [event for event in story.calendars.standing(address) if _stands(story, event, address)]
        shown = Counter((event.starts, event.ends, event.place) for event in found)
        wished = [seat for person in people for seat in expected[person]]
        sure = Counter(seat.shown for seat in wished if (seat.person, seat.date.id) not in story.no)
        assert not sure - shown, f"{address} misses something"
        assert not shown - Counter(seat.shown for seat in wished), f"{address} shows too much"


def _stands(story: Story, event: Shown, address: str) -> bool:
    """Whether an event has to be right; nobody strikes through that of who has another address now, or said no.

    Who is called is told that it is off, and asked to take it out.
    """
    invitation = story.invitation_of(event.answers)
    signup = invitation.signup
    moved = signup.reached_by != "email" or signup.contact["email"].lower() != address
    mailed = db.session.query(DueLetter).filter_by(invitation_id=invitation.id, channel="email")
    struck = {letter.kind for letter in mailed}
    by_phone = invitation.state == "off" and "cancelled" not in struck and signup.id in story.by_hand
    refused = (signup.id, span(event.starts, event.ends)) in story.refused and invitation.state == "off"
    return not (moved or by_phone or refused)
