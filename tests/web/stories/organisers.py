"""What organisers do: plans, other times and places, dates that are off, other names, calls."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from sqlalchemy import select, update

from tests.web import cast as casting
from tests.web import moving, post
from tests.web.stories.story import Story
from web.rows import DueLetter, Offer, Plan, Series, Signup, TimeSlot, Venue, db
from web.rows.people import SignupState
from web.services.invitations import reconciling
from web.services.messages import by_post, calling, talking
from web.services.organisations import directory
from web.services.schedule import rescheduling
from web.services.schedule.sessions import Times
from web.services.waiting.withdraw_offers import withdraw_offers
from web.transaction import transaction


def publish(story: Story) -> None:
    """Anybody who takes part at any table, in up to two sessions."""
    there = [id for id in story.people if db.session.get_one(Signup, id).state != SignupState.LEFT]
    going = [id for id in story.cast.sessions if not db.session.get_one(TimeSlot, id).called_off]
    tables: dict[tuple[int, int], list[int]] = defaultdict(list)
    for person in story.dice.sample(there, len(there)):
        for session in story.dice.sample(going, min(len(going), story.dice.choice([0, 1, 1, 2]))):
            tables[session, story.dice.choice([1, 2])].append(person)
    db.session.execute(update(Plan).values(current=False))
    casting.plan_of(story.cast, dict(tables))
    withdraw_offers(db.session, story.clock(), Offer.series_id == story.cast.series)
    reconciling.reconcile(db.session, db.session.get_one(Series, story.cast.series), story.clock())
    db.session.commit()


def move(story: Story) -> None:
    """Another hour for one date, another place, or online with or without a link."""
    row = story.session(story.dice.randrange(3))
    times = moving.as_it_is(row)
    spans = list(times.gatherings)
    if spans and story.dice.random() < 0.5:
        k, by = story.dice.randrange(len(spans)), timedelta(minutes=story.dice.randrange(-600, 600))
        spans[k] = (spans[k][0] + by, spans[k][1] + by)
    mode = story.dice.choice(["here", "here", "online", row.mode])
    link = story.dice.choice(["", "https://praten.example/kamer"])
    new = Times(gatherings=tuple(spans), venue_id=story.dice.choice([*story.venues, None]), mode=mode, link=link)
    before = _facts(story)
    moving.move(story.cast, row, new)
    _asked_anew(story, before)


def call_off(story: Story) -> None:
    row = story.session(story.dice.randrange(3))
    coming = rescheduling.coming(row, story.clock())
    moving.call_off(story.cast, row, only=story.dice.choice(coming) if coming and story.dice.random() < 0.7 else None)


def rename(story: Story) -> None:
    """A venue has another name."""
    story.names += 1
    venue, before = db.session.get_one(Venue, story.dice.choice(story.venues)), _facts(story)
    with transaction(db.session):
        directory.save(db.session, venue, {"name": f"Zaal {story.names}"}, by=story.amina(), now=story.clock())
    _asked_anew(story, before)


def _facts(story: Story) -> dict[int, tuple[object, ...]]:
    """By date when and where."""
    rows = [story.session(number) for number in range(3)]
    return {
        date.id: (date.starts, date.ends, row.mode, row.link, row.venue and row.venue.name)
        for row in rows
        for date in row.gatherings
    }


def _asked_anew(story: Story, before: dict[int, tuple[object, ...]]) -> None:
    """A no to another time or place is worth nothing."""
    now = _facts(story)
    story.no = {(person, date) for person, date in story.no if now[date] == before[date]}


def call(story: Story) -> None:
    """Amina brings over everything that waits for a person."""
    told, amina = post.world_of(story.app), story.amina()
    with transaction(db.session):
        found = calling.calls(db.session, select(DueLetter), story.clock(), told, by=amina)
    for call in found.calls:
        for message in sorted(call.messages, key=lambda one: one.letter.id):
            _said(story, message)
        marks = {message.mark: message.letter for message in call.messages}
        with transaction(db.session):
            talking.Talk(db.session, marks, amina, story.clock(), told).reached({})
    letters = by_post.letters(db.session, select(DueLetter), story.clock(), told)
    for message in letters:
        _said(story, message)
    marks = {message.mark: message.letter for message in letters}
    with transaction(db.session):
        by_post.to_print(db.session, marks, by=amina, now=story.clock(), world=told)
    with transaction(db.session):
        by_post.posted(db.session, marks, by=amina, now=story.clock(), world=told)


def _said(story: Story, message: by_post.MessageByHand) -> None:
    letter = message.letter
    story.heard[letter.signup_id or 0].letters.append((letter.kind, message.parcel.text, letter.id))
