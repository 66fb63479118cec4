"""The neighbourhood of a story: who lives there, what they heard, and the dice that say what happens."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select

from tests.web import cast as casting
from tests.web import moving
from tests.web.calendars_in_mailboxes import Calendars, Heard
from tests.web.cast import Cast, Clock
from web.crypto import hashed
from web.rows import Invitation, Signup, Staff, TimeSlot, Venue, db

PEOPLE: dict[str, dict[str, object]] = {
    **{name: {} for name in ("Ada", "Bea", "Cas", "Dik")},
    **{name: {"email": "thuis@x.example"} for name in ("Han", "Ina")},
    "Els": {"reach": "call", "email": None, "phone": "+31622222221"},
    "Fem": {"reach": "via", "email": None, "via": "Ria"},
    "Gijs": {"reach": "letter", "email": None, "via": "De Bieb"},
    "Jan": {"reach": "text", "email": None, "phone": "+31622222229"},
}


@dataclass
class Story:
    """One story, told by dice. Needs an application context.

    `heard` is by sign-up; `no` who says no to which date, `refused` who ever did, to which date in words.
    """

    app: Flask
    cast: Cast
    clock: Clock
    dice: random.Random
    calendars: Calendars = field(default_factory=Calendars)
    heard: dict[int, Heard] = field(default_factory=lambda: defaultdict(Heard))
    no: set[tuple[int, int]] = field(default_factory=set)
    refused: set[tuple[int, str]] = field(default_factory=set)
    by_hand: set[int] = field(default_factory=set)
    dead: set[str] = field(default_factory=set)
    mail: str = "ok"
    names: int = 0
    wrongs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        sessions = frozenset(self.cast.sessions)
        for name, told in PEOPLE.items():
            casting.sign_up(self.app, self.cast, name, **{"sessions": sessions, **told})
        moving.several(self.session(1), 7)
        venue = Venue(
            organisation_id=self.cast.organisation, name="De Bieb", address="Leeslaan 4", access=["step_free"]
        )
        db.session.add(venue)
        db.session.commit()
        self.venues = [self.cast.venue, venue.id]
        self.people = list(db.session.scalars(select(Signup.id).order_by(Signup.id)))

    def session(self, number: int) -> TimeSlot:
        return db.session.get_one(TimeSlot, self.cast.sessions[number])

    def person(self) -> Signup:
        return db.session.get_one(Signup, self.dice.choice(self.people))

    def amina(self) -> Staff:
        return db.session.get_one(Staff, self.cast.amina)

    def invitation_of(self, answers: str) -> Invitation:
        """Whose answers go to this address."""
        token = answers.removeprefix("rsvp-").partition("@")[0]
        return db.session.scalars(select(Invitation).where(Invitation.token_hash == hashed(token))).one()
