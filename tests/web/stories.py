"""A neighbourhood to which anything happens in any order: plans, moves, new addresses, answers, mail that is down."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from tests.web import cast as casting
from tests.web import moving, post
from tests.web.calendars_in_mailboxes import Calendars, Heard
from tests.web.cast import Cast, Clock
from tests.web.test_receiving import BOUNCE, Post
from web import world
from web.channels import email
from web.channels.faults import Later, Never, Withdrawn
from web.channels.parcel import Parcel
from web.crypto import hashed
from web.errors import Mishap
from web.rows import DueLetter, Invitation, Offer, Plan, Series, Session, Signup, Staff, Venue, db
from web.rows.invitations import OPEN
from web.rows.messages import DUE, SENT
from web.rows.people import LEFT
from web.services import directory, inviting, offering, receiving, rescheduling, sending
from web.services import signing_up as own
from web.services.attending import invited
from web.services.mailroom import by_post, calling
from web.services.scheduling import Times
from web.services.sending.meetings import fact_as_meeting
from web.services.signing_up import Answers
from web.services.withdrawing import withdraw_offers

PEOPLE: dict[str, dict[str, object]] = {
    **{name: {} for name in ("Ada", "Bea", "Cas", "Dik")},
    **{name: {"email": "thuis@x.example"} for name in ("Han", "Ina")},
    "Els": {"reach": "call", "email": None, "phone": "+31622222221"},
    "Fem": {"reach": "via", "email": None, "via": "Ria"},
    "Gijs": {"reach": "letter", "email": None, "via": "De Bieb"},
    "Jan": {"reach": "text", "email": None, "phone": "+31622222229"},
}
ACTS = {
    "publish": 3,
    "move": 6,
    "call_off": 2,
    "leave": 3,
    "come_back": 4,
    "be_reached": 8,
    "answer": 6,
    "offer": 3,
    "decide": 4,
    "send": 9,
    "weather": 3,
    "call": 3,
    "bounce": 1,
    "rename": 1,
    "die": 1,
}
"""What happens, and how often."""


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

    def tell(self, steps: int) -> None:
        """So many things happen, after a first plan."""
        self.publish()
        for name in self.dice.choices(list(ACTS), list(ACTS.values()), k=steps):
            self.clock.forward(seconds=self.dice.choice([0, 1, 30, 400]))
            try:
                getattr(self, name)()
                db.session.commit()
            except Mishap:
                db.session.rollback()

    def session(self, number: int) -> Session:
        return db.session.get_one(Session, self.cast.sessions[number])

    def person(self) -> Signup:
        return db.session.get_one(Signup, self.dice.choice(self.people))

    def publish(self) -> None:
        """Anybody who takes part at any table, in up to two sessions."""
        there = [id for id in self.people if db.session.get_one(Signup, id).state != LEFT]
        going = [id for id in self.cast.sessions if not db.session.get_one(Session, id).called_off]
        tables: dict[tuple[int, int], list[int]] = defaultdict(list)
        for person in self.dice.sample(there, len(there)):
            for session in self.dice.sample(going, min(len(going), self.dice.choice([0, 1, 1, 2]))):
                tables[session, self.dice.choice([1, 2])].append(person)
        db.session.execute(update(Plan).values(current=False))
        casting.plan_of(self.cast, dict(tables))
        withdraw_offers(db.session, self.clock(), Offer.series_id == self.cast.series)
        inviting.reconcile(db.session, db.session.get_one(Series, self.cast.series), self.clock())
        db.session.commit()

    def move(self) -> None:
        """Another hour for one date, another place, or online with or without a link."""
        row = self.session(self.dice.randrange(3))
        times = moving.as_it_is(row)
        spans = list(times.gatherings)
        if spans and self.dice.random() < 0.5:
            k, by = self.dice.randrange(len(spans)), timedelta(minutes=self.dice.randrange(-600, 600))
            spans[k] = (spans[k][0] + by, spans[k][1] + by)
        mode = self.dice.choice(["here", "here", "online", row.mode])
        link = self.dice.choice(["", "https://praten.example/kamer"])
        new = Times(gatherings=tuple(spans), venue_id=self.dice.choice([*self.venues, None]), mode=mode, link=link)
        before = self._facts()
        moving.move(self.cast, row, new)
        self._asked_anew(before)

    def call_off(self) -> None:
        row = self.session(self.dice.randrange(3))
        coming = rescheduling.coming(row, self.clock())
        moving.call_off(self.cast, row, only=self.dice.choice(coming) if coming and self.dice.random() < 0.7 else None)

    def rename(self) -> None:
        """A venue has another name."""
        self.names += 1
        venue, before = db.session.get_one(Venue, self.dice.choice(self.venues)), self._facts()
        directory.save(db.session, venue, {"name": f"Zaal {self.names}"}, by=self._amina(), now=self.clock())
        self._asked_anew(before)

    def _facts(self) -> dict[int, tuple[object, ...]]:
        """By date when and where."""
        rows = [self.session(number) for number in range(3)]
        return {
            date.id: (date.starts, date.ends, row.mode, row.link, row.venue and row.venue.name)
            for row in rows
            for date in row.gatherings
        }

    def _asked_anew(self, before: dict[int, tuple[object, ...]]) -> None:
        """A no to another time or place is worth nothing."""
        now = self._facts()
        self.no = {(person, date) for person, date in self.no if now[date] == before[date]}

    def leave(self) -> None:
        person = self.person()
        own.leave(db.session, person, now=self.clock())
        self.heard[person.id].letters.clear()
        self.no = {one for one in self.no if one[0] != person.id}

    def come_back(self) -> None:
        gone = [id for id in self.people if db.session.get_one(Signup, id).state == LEFT]
        if gone:
            person = db.session.get_one(Signup, self.dice.choice(gone))
            own.come_back(db.session, person, now=self.clock(), settings=world.settings())

    def be_reached(self) -> None:
        """Another address, one from before, that of a neighbour, or another way."""
        person, self.names = self.person(), self.names + 1
        before = (person.contact or {}).get("email", "thuis@x.example")
        way = self.dice.choice(["email", "email", "email", "call", "via", "text", "letter"])
        told: dict[str, str] = {"reach": way, "phone": "+31622222333", "via": "Ria"}
        if way == "email":
            first = f"{person.name.lower()}@voorbeeld.example"
            told["email"] = self.dice.choice([f"n{self.names}@x.example", before, first, "thuis@x.example"])
        elif "email" in (person.contact or {}) and self.dice.random() < 0.5:
            told["email"] = before
        if way != "email":
            self.by_hand.add(person.id)
        answers = Answers(name=person.name, sessions=frozenset(self.cast.sessions), **told)
        own.change(db.session, person, answers, now=self.clock(), channel="web", vault=world.vault())

    def answer(self) -> None:
        person = self.person()
        found = invited.to_come(db.session, person, self.clock())
        if found:
            one, said = self.dice.choice(found), self.dice.choice(["yes", "maybe", "no", "no"])
            key = person.id, one.gathering_id
            invited.say(db.session, one, said, now=self.clock(), settings=world.settings())
            if said == "no":
                self.no.add(key)
                self.refused.add((person.id, fact_as_meeting(one.told, world.settings()).when))
            else:
                self.no.discard(key)

    def offer(self) -> None:
        offering.run(db.session, self.clock(), settings=world.settings(), vault=world.vault())

    def decide(self) -> None:
        found = db.session.scalars(select(Offer).where(Offer.state == OPEN).order_by(Offer.id)).all()
        if found:
            act = self.dice.choice([offering.accept, offering.accept, offering.decline])
            act(db.session, self.dice.choice(found), now=self.clock(), settings=world.settings())

    def weather(self) -> None:
        self.mail = self.dice.choice(["ok", "ok", "down", "busy"])

    def die(self) -> None:
        """A mailbox is no more."""
        self.dead.add(self.dice.choice(sorted(self.calendars.boxes) or ["nobody@x.example"]))

    def bounce(self) -> None:
        """A mail that arrived comes back after all."""
        mine = DueLetter.state == SENT, DueLetter.channel == "email", DueLetter.bounce.is_not(None)
        found = db.session.scalars(select(DueLetter).where(*mine).order_by(DueLetter.id)).all()
        if found:
            letter = self.dice.choice(found)
            to = f"bounce-{letter.bounce}@voorbeeld.example"
            address = receiving.Register(db.session).bounced(letter.bounce or "")
            raw = BOUNCE.format(to=to, address=address, action="failed", status="5.1.1").replace("\n", "\r\n")
            heard = self.heard[letter.signup_id or 0]
            heard.letters = [one for one in heard.letters if one[2] != letter.id]
            receiving.take(db.session, Post(f"{letter.id}", raw.encode(), to), self.clock(), world.settings())

    # A channel for e-mail: what arrives goes into a calendar.

    def send(self, parcel: Parcel | None = None, sure: object = None) -> None:
        """A round of the worker; or, as its channel, one parcel."""
        if parcel is None:
            sending.send_due(db.session, {"email": self}, self.clock, post.world_of(self.app))
            return
        if self.mail == "down":
            raise Later("connection", whole=True)
        if self.mail == "busy" and self.dice.random() < 0.4:
            raise Later("busy", "450")
        if parcel.address in self.dead:
            raise Never("unknown", "550 5.1.1")
        raw = email.message(parcel, world.settings().sender)
        if not sure():  # type: ignore[operator]
            raise Withdrawn
        self._arrives(parcel, raw)

    def _arrives(self, parcel: Parcel, raw: bytes) -> None:
        with_signup = select(DueLetter).where(DueLetter.key == parcel.key).options(joinedload(DueLetter.invitation))
        letter = db.session.scalars(with_signup).one()
        person = db.session.get_one(Signup, letter.signup_id)
        try:
            assert person.state != LEFT or letter.kind in ("cancelled", "link"), f"{letter.kind} to who left"
            self.calendars.take(parcel, raw)
        except AssertionError as wrong:  # the worker would take it for a letter that cannot be sent
            self.wrongs.append(str(wrong))
        self.heard[person.id].letters.append((letter.kind, parcel.text, letter.id))

    def holds(self, parcel: Parcel) -> bool | None:
        return None

    def close(self) -> None:
        """Nothing is open."""

    def call(self) -> None:
        """Amina brings over everything that waits for a person."""
        told, amina = post.world_of(self.app), self._amina()
        for call in calling.calls(db.session, select(DueLetter), self.clock(), told, by=amina).calls:
            for message in sorted(call.messages, key=lambda one: one.letter.id):
                self._said(message)
            marks = {message.mark: message.letter for message in call.messages}
            calling.Talk(db.session, marks, amina, self.clock(), told).reached({})
        letters = by_post.letters(db.session, select(DueLetter), self.clock(), told)
        for message in letters:
            self._said(message)
        marks = {message.mark: message.letter for message in letters}
        by_post.to_print(db.session, marks, by=amina, now=self.clock(), world=told)
        by_post.posted(db.session, marks, by=amina, now=self.clock(), world=told)

    def _said(self, message: by_post.Message) -> None:
        letter = message.letter
        self.heard[letter.signup_id or 0].letters.append((letter.kind, message.parcel.text, letter.id))

    def settle(self) -> None:
        """Mail works, everything goes out, everybody is called."""
        self.mail = "ok"
        for _ in range(40):
            self.clock.forward(minutes=61)
            self.send()
            self.call()
            db.session.expire_all()
            if not db.session.scalars(select(DueLetter.id).where(DueLetter.state == DUE)).all():
                return
        raise AssertionError("letters that stay here for ever")

    def _amina(self) -> Staff:
        return db.session.get_one(Staff, self.cast.amina)

    def invitation_of(self, answers: str) -> Invitation:
        """Whose answers go to this address."""
        token = answers.removeprefix("rsvp-").partition("@")[0]
        return db.session.scalars(select(Invitation).where(Invitation.token_hash == hashed(token))).one()
