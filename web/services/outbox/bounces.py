"""Where a mail returns to when it cannot be delivered, and whether it came back from where somebody still is.

The address on the envelope ends with a piece of the keyed hash of where the mail went. Some servers give up after
five days; who has another address since then is reached there, and stays off the call list.

Letters that go in one mail share its address: the first one has it, the others have it with their own number behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from web.crypto import Vault
from web.rows import DueLetter, Facilitator, Signup, Staff

SECRET = 32
PIECE = 16
_BESIDE = "."


def token(due: DueLetter, who: Signup | Facilitator | Staff, vault: Vault) -> str:
    """What follows `bounce-` in the sender on the envelope: the same for the same letter to the same address."""
    piece = _pieces(who)[due.channel == "text"] if isinstance(who, Signup) else ""
    return vault.fingerprint("bounce", due.key)[:SECRET] + piece


def beside(token: str | None, first: DueLetter, letter: DueLetter) -> str | None:
    """What is kept with a letter of a mail with this address on its envelope."""
    return token if letter is first or token is None else f"{token}{_BESIDE}{letter.id}"


def by_mail(letters: Iterable[DueLetter]) -> list[list[DueLetter]]:
    """Letters by the mail that they went in, or were about to, in order."""
    found: dict[object, list[DueLetter]] = {}
    for letter in letters:
        found.setdefault(mail_of(letter) or letter.id, []).append(letter)
    return list(found.values())


def of_mail(session: Session, letter: DueLetter) -> Sequence[DueLetter]:
    """All letters that went in one mail with this one, in order; this one too."""
    if not (token := mail_of(letter)):
        return [letter]
    same = or_(DueLetter.bounce == token, DueLetter.bounce.startswith(f"{token}{_BESIDE}", autoescape=True))
    return session.scalars(select(DueLetter).where(same).order_by(DueLetter.id)).all()


def beside_each(session: Session, letters: Sequence[DueLetter]) -> Counter[int]:
    """By letter how many others went in its mail, and stand where it stands."""
    ids, first = [letter.id for letter in letters], aliased(DueLetter)
    found = select(first.id, func.count()).join(DueLetter, _goes_behind(first)).where(first.id.in_(ids))
    return Counter(dict(session.execute(found.group_by(first.id)).all()))


def is_beside() -> ColumnElement[bool]:
    """Whether a letter stands where the first one of its mail stands: that one says it all."""
    first = aliased(DueLetter)
    return select(first.id).where(_goes_behind(first)).exists()


def _goes_behind(first: type[DueLetter]) -> ColumnElement[bool]:
    """Whether a letter is one of those that went in the mail of this one, and stands where it stands."""
    without_number = func.replace(DueLetter.bounce, _BESIDE + cast(DueLetter.id, String), "")
    same = first.state == DueLetter.state, first.channel == DueLetter.channel
    return and_(first.bounce == without_number, first.id != DueLetter.id, *same)


def went(letter: DueLetter) -> str:
    """A piece of the hash of where it went."""
    return mail_of(letter)[SECRET:]


def mail_of(letter: DueLetter) -> str:
    """The mail that a letter went in last: what stands on its envelope; empty if it never did."""
    return _address(letter.bounce)


def _address(bounce: str | None) -> str:
    return (bounce or "").partition(_BESIDE)[0]


def letter_of(session: Session, token: str) -> DueLetter | None:
    """The letter of a bounce- address, also when it went once more since, to another address."""
    exact = session.scalars(select(DueLetter).where(DueLetter.bounce == token)).one_or_none()
    if exact is not None or len(token) != SECRET + PIECE:
        return exact
    same = func.substr(DueLetter.bounce, 1, SECRET) == token[:SECRET]
    first = same, ~DueLetter.bounce.contains(_BESIDE, autoescape=True)
    return session.scalars(select(DueLetter).where(*first).order_by(DueLetter.id.desc())).first()


def is_former(token: str, signup: Signup) -> bool:
    """Whether a letter went to an address or number that this person has no more."""
    piece = _address(token)[SECRET:]
    return piece != "" and piece not in _pieces(signup)


def _pieces(signup: Signup) -> tuple[str, str]:
    return (signup.email_hash or "")[:PIECE], (signup.phone_hash or "")[:PIECE]
