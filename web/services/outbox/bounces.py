"""Where a mail returns to when it cannot be delivered, and whether it came back from where somebody still is.

The address on the envelope ends with a piece of the keyed hash of where the mail went. Some servers give up after
five days; who has another address since then is reached there, and stays off the call list.
"""

from __future__ import annotations

from web.crypto import Vault
from web.rows import DueLetter, Facilitator, Signup, Staff

SECRET = 32
PIECE = 16


def token(due: DueLetter, who: Signup | Facilitator | Staff, vault: Vault) -> str:
    """What follows `bounce-` in the sender on the envelope: the same for the same letter to the same address."""
    went = _pieces(who)[due.channel == "text"] if isinstance(who, Signup) else ""
    return vault.fingerprint("bounce", due.key)[:SECRET] + went


def is_former(letter: DueLetter, signup: Signup) -> bool:
    """Whether a letter went to an address or number that this person has no more."""
    went = (letter.bounce or "")[SECRET:]
    return went != "" and went not in _pieces(signup)


def _pieces(signup: Signup) -> tuple[str, str]:
    return (signup.email_hash or "")[:PIECE], (signup.phone_hash or "")[:PIECE]
