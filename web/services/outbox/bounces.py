"""Where a mail returns to when it cannot be delivered, and whether it came back from where somebody still is.

The address on the envelope ends with a piece of the keyed hash of where the mail went. Some servers give up after
five days; who has another address since then is reached there, and stays off the call list.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.crypto import Vault
from web.rows import DueLetter, Facilitator, Signup, Staff

SECRET = 32
PIECE = 16


def token(due: DueLetter, who: Signup | Facilitator | Staff, vault: Vault) -> str:
    """What follows `bounce-` in the sender on the envelope: the same for the same letter to the same address."""
    went = _pieces(who)[due.channel == "text"] if isinstance(who, Signup) else ""
    return vault.fingerprint("bounce", due.key)[:SECRET] + went


def letter_of(session: Session, token: str) -> DueLetter | None:
    """The letter of a bounce- address, also when it went once more since, to another address."""
    exact = session.scalars(select(DueLetter).where(DueLetter.bounce == token)).one_or_none()
    if exact is not None or len(token) != SECRET + PIECE:
        return exact
    same = func.substr(DueLetter.bounce, 1, SECRET) == token[:SECRET]
    return session.scalars(select(DueLetter).where(same).order_by(DueLetter.id.desc())).first()


def is_former(token: str, signup: Signup) -> bool:
    """Whether a letter went to an address or number that this person has no more."""
    went = token[SECRET:]
    return went != "" and went not in _pieces(signup)


def _pieces(signup: Signup) -> tuple[str, str]:
    return (signup.email_hash or "")[:PIECE], (signup.phone_hash or "")[:PIECE]
