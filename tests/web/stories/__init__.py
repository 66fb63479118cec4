"""A neighbourhood to which anything happens in any order: plans, moves, new addresses, answers, mail that is down."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from tests.web.stories import mail, organisers, residents
from tests.web.stories.story import Story
from web.errors import Mishap
from web.rows import DueLetter, db
from web.rows.messages import LetterState

__all__ = ["Story", "settle", "tell"]

ACTS: dict[Callable[[Story], None], int] = {
    organisers.publish: 3,
    organisers.move: 6,
    organisers.call_off: 2,
    residents.leave: 3,
    residents.come_back: 4,
    residents.be_reached: 8,
    residents.answer: 6,
    mail.offer: 3,
    residents.decide: 4,
    mail.send: 9,
    mail.weather: 3,
    organisers.call: 3,
    mail.bounce: 1,
    organisers.rename: 1,
    mail.die: 1,
}
"""What happens, and how often."""


def tell(story: Story, steps: int) -> None:
    """So many things happen, after a first plan."""
    organisers.publish(story)
    for act in story.dice.choices(list(ACTS), list(ACTS.values()), k=steps):
        story.clock.forward(seconds=story.dice.choice([0, 1, 30, 400]))
        try:
            act(story)
            db.session.commit()
        except Mishap:
            db.session.rollback()


def settle(story: Story) -> None:
    """Mail works, everything goes out, everybody is called."""
    story.mail = "ok"
    for _ in range(40):
        story.clock.forward(minutes=61)
        mail.send(story)
        organisers.call(story)
        db.session.expire_all()
        if not db.session.scalars(select(DueLetter.id).where(DueLetter.state == LetterState.DUE)).all():
            return
    raise AssertionError("letters that stay here for ever")
