"""Passwords that others choose: they are handed over once, and the account replaces them by one of its own."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable
from uuid import uuid4

from web.errors import N_, Mishap
from web.rows import Staff

Hash = Callable[[str], str]

LENGTH = 12
PIECES, LETTERS_EACH = 4, 5
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""A generated password has 20 of these: 100 bits. No l, o, 0 or 1, because it is copied by hand."""
ONE_TIME = "once-"
"""How the uniquifier begins of an account whose password somebody else chose; Flask-Security renews it."""


class ShortPassword(Mishap):
    """Too easy to guess."""

    sentence = N_("Een wachtwoord heeft minstens %(length)s tekens.")


def new() -> str:
    """A password to hand over once."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(LETTERS_EACH)) for _ in range(PIECES))


def is_one_time(account: Staff) -> bool:
    """Whether the account still has the password that somebody else chose for it."""
    return account.fs_uniquifier.startswith(ONE_TIME)


def give(account: Staff, password: str, hashing: Hash, *, one_time: bool = True) -> None:
    """Another password; every session of the account ends. Raises ShortPassword."""
    # As Flask-Security reads what is typed at the door.
    text = unicodedata.normalize("NFKD", password)
    if len(text) < LENGTH:
        raise ShortPassword(length=LENGTH)
    account.password = hashing(text)
    _renew(account, one_time)


def end_sessions(account: Staff) -> None:
    """Whoever is in with this account has to sign in again."""
    _renew(account, is_one_time(account))


def _renew(account: Staff, one_time: bool) -> None:
    """Without their rows sessions are over; and each names the uniquifier of its account, which is another now."""
    account.logins.clear()
    account.fs_uniquifier = (ONE_TIME if one_time else "") + uuid4().hex
