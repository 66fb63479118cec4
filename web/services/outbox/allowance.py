"""How many letters people outside may cause to one address in a day, whatever they press and wherever they are.

Anybody can type the address of somebody else: at a sign-up, under 'link kwijt', as their own new address, or by the
code of a buddy. So what they cause is counted by a keyed hash of the mailbox, in the database: it survives a restart,
and several processes count together. What staff do, and what the calendar asks for, is not counted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from web.identity import addresses
from web.letters.joining import asked_along, confirmation
from web.letters.places import offer
from web.rows import DueLetter, LetterCount, Sealed, Signup
from web.rows.messages import LetterState
from web.services.outbox import together
from web.services.outbox.reminder_hours import tomorrow
from web.world import local

LINKS, OTHER = "links", "other"
MOST = {LINKS: 2, OTHER: 3}
"""Letters in a day: with links that were asked for, and all others together."""
NOT_LATER = frozenset({confirmation.name, asked_along.name, offer.name})
"""What these say stands on the own page as well, and is old tomorrow: over the limit they do not go out."""
_OUTSIDE = "caused outside"


def from_outside(session: Session, acts: bool) -> None:
    """Say whether somebody outside acts in this session: the letters that this causes are counted."""
    session.info[_OUTSIDE] = acts


def take(session: Session, reached_at: str, about: str, now: datetime) -> bool:
    """Whether one letter more may go to this mailbox or number; if so, it is counted.

    Always where there is none: that letter is brought to a desk, or by somebody.
    """
    day = local(now).date()
    # Another hash every day, and not what people are looked up by: who is erased leaves nothing to find them by.
    return not reached_at or _count(session, Sealed.vault().fingerprint(f"letters {day}", reached_at), about, day)


def reached_at(to: Signup, channel: str) -> str:
    """The mailbox or the number that a letter goes to, if it goes to one."""
    contact = to.contact or {}
    if channel == "email":
        return addresses.mailbox(contact.get("email", ""))
    return str(contact.get("phone", "")) if channel in ("text", "call") else ""


def may_go(session: Session, reached_at: str, now: datetime) -> bool:
    """Whether a letter may go to this mailbox or number today; one that somebody outside causes is counted by that."""
    return not session.info.get(_OUTSIDE) or take(session, reached_at, OTHER, now)


def allow(session: Session, letter: DueLetter, to: Signup, now: datetime) -> None:
    """Count a letter that somebody outside causes. Over the limit it waits for tomorrow, or does not go out at all."""
    if _goes_along(session, letter, now) or may_go(session, reached_at(to, letter.channel), now):
        return
    if letter.kind in NOT_LATER:
        letter.state, letter.content = LetterState.OVERTAKEN, None
    else:
        letter.due_at = tomorrow(now)


def _goes_along(session: Session, letter: DueLetter, now: datetime) -> bool:
    """Whether it is told in one mail with a letter that was counted."""
    session.flush()
    return together.goes_along(session, letter, now)


def at_another_address(session: Session, to: Signup, now: datetime) -> None:
    """Who changed their address takes letters along that did not go out yet: they count there too."""
    if session.info.get(_OUTSIDE):
        lying = DueLetter.signup_id == to.id, DueLetter.state == LetterState.DUE
        for letter in session.scalars(select(DueLetter).where(*lying).order_by(DueLetter.id)).all():
            allow(session, letter, to, now)


def forget(session: Session, now: datetime) -> None:
    """Erase the counts of days that are over."""
    session.execute(delete(LetterCount).where(LetterCount.day < local(now).date()))


def _count(session: Session, reached_hash: str, about: str, day: date) -> bool:
    """Count one letter more, if there is room for it; of two at once each is counted."""
    more = _MORE[session.get_bind().dialect.name]
    told = {"reached_hash": reached_hash, "about": about, "day": day, "count": 1, "most": MOST[about]}
    return session.execute(more, told).one_or_none() is not None


def _one_more(insert: Callable[[Any], Any]) -> Any:
    there = LetterCount.__table__
    return (
        insert(there)
        .on_conflict_do_update(
            index_elements=(there.c.reached_hash, there.c.about),
            set_={"count": there.c.count + 1},
            where=there.c.count < bindparam("most"),
        )
        .returning(there.c.count)
    )


_MORE = {"sqlite": _one_more(sqlite.insert), "postgresql": _one_more(postgresql.insert)}
"""The first of a day, or one more; a row comes back if there was room."""
