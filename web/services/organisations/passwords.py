"""Passwords that others choose: they are handed over once, and the account replaces them by one of its own."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable
from threading import Lock
from uuid import uuid4

from zxcvbn import zxcvbn

from web.errors import N_, Mishap
from web.rows import Staff

Hash = Callable[[str], str]

LENGTH = 12
PIECES, LETTERS_EACH = 4, 5
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""A generated password has 20 of these: 100 bits. No l, o, 0 or 1, because it is copied by hand."""
SAFE, READ = 4, 72
"""The score that is asked for, and how many letters count for it: reading more takes long."""
_USUAL = """wachtwoord welkom geheim inloggen gemeente welzijn buurt wijk samen bubbelen re-bubbelen rebubbelen
lente zomer herfst winter januari februari maart april mei juni juli augustus september oktober november december
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag amsterdam rotterdam utrecht eindhoven groningen ajax
feyenoord nederland hallo"""
_ESTIMATING = Lock()
ONE_TIME = "once-"
"""How the uniquifier begins of an account whose password somebody else chose; Flask-Security renews it."""


class ShortPassword(Mishap):
    """Too easy to guess."""

    sentence = N_("Een wachtwoord heeft minstens %(length)s tekens.")


class GuessablePassword(Mishap):
    """Long enough, and still among the first that anybody would try."""

    sentence = N_(
        "Dit wachtwoord is makkelijk te raden. Kies vier gewone woorden die niets met elkaar te maken hebben."
    )


def new() -> str:
    """A password to hand over once."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(LETTERS_EACH)) for _ in range(PIECES))


def is_one_time(account: Staff) -> bool:
    """Whether the account still has the password that somebody else chose for it."""
    return account.fs_uniquifier.startswith(ONE_TIME)


def give(account: Staff, password: str, hashing: Hash, *, one_time: bool = True) -> None:
    """Another password; every session of the account ends. Raises ShortPassword or GuessablePassword."""
    # As Flask-Security reads what is typed at the door.
    text = unicodedata.normalize("NFKD", password)
    if len(text) < LENGTH:
        raise ShortPassword(length=LENGTH)
    if is_guessable(text, account):
        raise GuessablePassword
    account.password = hashing(text)
    _renew(account, one_time)


def is_guessable(password: str, account: Staff) -> bool:
    """Whether fewer than ten thousand million tries are enough, for somebody who knows whose it is (zxcvbn, score 4).

    Its lists are English, so what people here would try first is named beside them.
    """
    of = account.organisation.name if account.organisation else ""
    known = [
        account.email,
        *account.email.split("@"),
        account.name,
        of,
        *account.name.split(),
        *of.split(),
        *_USUAL.split(),
    ]
    # The library keeps these words in one place for everybody.
    with _ESTIMATING:
        found = zxcvbn(password[:READ], user_inputs=[word for word in known if word])
    return int(found["score"]) < SAFE


def end_sessions(account: Staff) -> None:
    """Whoever is in with this account has to sign in again."""
    _renew(account, is_one_time(account))


def _renew(account: Staff, one_time: bool) -> None:
    """Without their rows sessions are over; and each names the uniquifier of its account, which is another now."""
    account.logins.clear()
    account.fs_uniquifier = (ONE_TIME if one_time else "") + uuid4().hex
