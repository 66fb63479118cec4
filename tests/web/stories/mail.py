"""What the worker does and what happens to mail: letters go out, places are offered, mailboxes are no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tests.web import post
from tests.web.messages.test_receiving import BOUNCE, Post
from tests.web.stories.story import Story
from web import world
from web.channels import email
from web.channels.faults import Later, Never, Withdrawn
from web.channels.parcel import Parcel
from web.rows import DueLetter, Signup, db
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.services.groups import offers
from web.services.messages import receive, register
from web.services.outbox import delivery


def send(story: Story) -> None:
    """A round of the worker."""
    delivery.send_due(db.session, {"email": Channel(story)}, story.clock, post.world_of(story.app))


@dataclass
class Channel:
    """A channel for e-mail: what arrives goes into a calendar."""

    story: Story

    def send(self, parcel: Parcel, sure: Callable[[], bool]) -> None:
        story = self.story
        if story.mail == "down":
            raise Later("connection", whole=True)
        if story.mail == "busy" and story.dice.random() < 0.4:
            raise Later("busy", "450")
        if parcel.address in story.dead:
            raise Never("unknown", "550 5.1.1")
        raw = email.message(parcel, world.settings().sender)
        if not sure():
            raise Withdrawn
        _arrives(story, parcel, raw)

    def holds(self, parcel: Parcel) -> bool | None:
        return None

    def close(self) -> None:
        """Nothing is open."""


def _arrives(story: Story, parcel: Parcel, raw: bytes) -> None:
    with_signup = select(DueLetter).where(DueLetter.key == parcel.key).options(joinedload(DueLetter.invitation))
    letter = db.session.scalars(with_signup).one()
    person = db.session.get_one(Signup, letter.signup_id)
    try:
        assert person.state != SignupState.LEFT or letter.kind in ("cancelled", "link"), f"{letter.kind} to who left"
        story.calendars.take(parcel, raw)
    except AssertionError as wrong:  # the worker would take it for a letter that cannot be sent
        story.wrongs.append(str(wrong))
    story.heard[person.id].letters.append((letter.kind, parcel.text, letter.id))


def offer(story: Story) -> None:
    offers.run(db.session, story.clock(), settings=world.settings(), vault=world.vault())


def weather(story: Story) -> None:
    story.mail = story.dice.choice(["ok", "ok", "down", "busy"])


def die(story: Story) -> None:
    """A mailbox is no more."""
    story.dead.add(story.dice.choice(sorted(story.calendars.boxes) or ["nobody@x.example"]))


def bounce(story: Story) -> None:
    """A mail that arrived comes back after all."""
    # A mail with several letters comes back as its first.
    mine = DueLetter.state == LetterState.SENT, DueLetter.channel == "email", DueLetter.bounce.not_like("%.%")
    found = db.session.scalars(select(DueLetter).where(*mine).order_by(DueLetter.id)).all()
    if found:
        letter = story.dice.choice(found)
        to = f"bounce-{letter.bounce}@voorbeeld.example"
        address = register.Register(db.session).bounced(letter.bounce or "")
        raw = BOUNCE.format(to=to, address=address, action="failed", status="5.1.1").replace("\n", "\r\n")
        heard = story.heard[letter.signup_id or 0]
        heard.letters = [one for one in heard.letters if one[2] != letter.id]
        receive.take(db.session, Post(f"{letter.id}", raw.encode(), to), story.clock(), world.settings())
