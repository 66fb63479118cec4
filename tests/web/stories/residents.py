"""What residents do: leave, come back, be reached in another way, answer, decide about a place."""

from __future__ import annotations

from sqlalchemy import select

from tests.web.stories.story import Story
from web import world
from web.rows import Offer, Signup, db
from web.rows.invitations import OPEN
from web.rows.people import LEFT
from web.services import signups
from web.services.groups import offers
from web.services.invitations.rsvp import queries
from web.services.outbox.dates_in_words import fact_as_meeting
from web.services.signups import Answers
from web.transaction import transaction


def leave(story: Story) -> None:
    person = story.person()
    with transaction(db.session):
        signups.leave(db.session, person, now=story.clock())
    story.heard[person.id].letters.clear()
    story.no = {one for one in story.no if one[0] != person.id}


def come_back(story: Story) -> None:
    gone = [id for id in story.people if db.session.get_one(Signup, id).state == LEFT]
    if gone:
        person = db.session.get_one(Signup, story.dice.choice(gone))
        with transaction(db.session):
            signups.come_back(db.session, person, now=story.clock(), settings=world.settings())


def be_reached(story: Story) -> None:
    """Another address, one from before, that of a neighbour, or another way."""
    person, story.names = story.person(), story.names + 1
    before = (person.contact or {}).get("email", "thuis@x.example")
    way = story.dice.choice(["email", "email", "email", "call", "via", "text", "letter"])
    told: dict[str, str] = {"reach": way, "phone": "+31622222333", "via": "Ria"}
    if way == "email":
        first = f"{person.name.lower()}@voorbeeld.example"
        told["email"] = story.dice.choice([f"n{story.names}@x.example", before, first, "thuis@x.example"])
    elif "email" in (person.contact or {}) and story.dice.random() < 0.5:
        told["email"] = before
    if way != "email":
        story.by_hand.add(person.id)
    answers = Answers(name=person.name, sessions=frozenset(story.cast.sessions), **told)
    with transaction(db.session):
        signups.change(db.session, person, answers, now=story.clock(), channel="web", vault=world.vault())


def answer(story: Story) -> None:
    person = story.person()
    found = queries.to_come(db.session, person, story.clock())
    if found:
        one, said = story.dice.choice(found), story.dice.choice(["yes", "maybe", "no", "no"])
        key = person.id, one.gathering_id
        with transaction(db.session):
            queries.say(db.session, one, said, now=story.clock(), settings=world.settings())
        if said == "no":
            story.no.add(key)
            story.refused.add((person.id, fact_as_meeting(one.told, world.settings()).when))
        else:
            story.no.discard(key)


def decide(story: Story) -> None:
    found = db.session.scalars(select(Offer).where(Offer.state == OPEN).order_by(Offer.id)).all()
    if found:
        act = story.dice.choice([offers.accept, offers.accept, offers.decline])
        with transaction(db.session):
            act(db.session, story.dice.choice(found), now=story.clock(), settings=world.settings())
