"""Whether servers of several people refuse our mail itself (5.7.x): then something is wrong with us, and no address.

Our own server takes such a mail and only later hears no, so that mail goes out says nothing: this is an outage of its
own, raised by what came back, and over when nothing of the kind came back for some days.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.rows import DueLetter
from web.services.outbox import bounces, outages
from web.services.outbox.owner import owner

REFUSED = "refused"
"""Our mail that others do not want, among the ways that can be out of order."""
LATELY = timedelta(days=3)
PEOPLE, LETTERS = 2, 3
"""So many people, or else so many letters: one who is refused once may have a filter of their own."""
_POLICY = re.compile(r"refused (?:\d{3} )?5\.7\.\d+")


def is_policy(fault: str) -> bool:
    """Whether a fault says that a server does not want mail like ours: its rules, our reputation, our signature."""
    return _POLICY.fullmatch(fault) is not None


def note(session: Session, fault: str, now: datetime) -> None:
    """Mail was refused (again); several in a few days are an outage, with the hour of the first."""
    if _many(found := _lately(session, now)):
        outages.note(session, REFUSED, fault, now, since=min(at for letter in found if (at := letter.returned_at)))


def fade(session: Session, now: datetime) -> None:
    """It is over when few letters were refused lately."""
    if any(outage.what == REFUSED for outage in outages.all_of(session)) and not _many(_lately(session, now)):
        outages.over(session, REFUSED)


def _lately(session: Session, now: datetime) -> Sequence[DueLetter]:
    recent = DueLetter.returned_at > now - LATELY, DueLetter.returned.like("refused %5.7.%")
    return [letter for letter in session.scalars(select(DueLetter).where(*recent)) if is_policy(letter.returned)]


def _many(letters: Sequence[DueLetter]) -> bool:
    # Of several dates one mail was refused; before it was taken in hand it has no address of its own.
    mails = {bounces.mail_of(letter) or (owner(letter), letter.returned_at) for letter in letters}
    return len(mails) >= LETTERS or len({owner(letter) for letter in letters}) >= PEOPLE
