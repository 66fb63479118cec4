"""Secrets: the keys that encrypt, look up and sign, from the environment or from files that it names."""

from __future__ import annotations

import re
import string
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

KEYS, LOOKUP, SESSION = "REBUBBELEN_KEYS", "REBUBBELEN_LOOKUP_KEY", "REBUBBELEN_SESSION_KEY"
MAIL, INBOX, TEXT = "REBUBBELEN_MAIL_PASSWORD", "REBUBBELEN_INBOX_PASSWORD", "REBUBBELEN_TEXT_TOKEN"
METRICS = "REBUBBELEN_METRICS_TOKEN"
SHORTEST = 24
"""Letters of a token of which nobody else checks how often somebody tries."""
MAKE = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'

# 32 bytes in URL-safe base64: the form of a Fernet key.
_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")
_ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
DIFFERENT = 16
"""So many different characters, and steps from one to the next, has every key that was drawn: of 300,000 none had fewer
than 22. A letter that is repeated, a row of the alphabet or a sentence has not."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """`keys` are Fernet keys, the first of which writes and all of which read; `lookup` is that of the keyed hashes.

    The passwords of servers are empty where none is needed.
    """

    keys: tuple[bytes, ...] = field(repr=False)
    lookup: bytes = field(repr=False)
    session: str = field(repr=False)
    mail_password: str = field(repr=False, default="")
    inbox_password: str = field(repr=False, default="")
    text_token: str = field(repr=False, default="")
    metrics_token: str = field(repr=False, default="")


class BadSecrets(Exception):
    """Secrets that are missing or malformed, each with its variable and how to make one; never with its value."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        about_keys = any(fault.startswith((KEYS, LOOKUP, SESSION)) for fault in faults)
        super().__init__("\n".join([*faults, *([f"make one with: {MAKE}"] if about_keys else [])]))


def secrets(environ: Mapping[str, str]) -> Secrets:
    """The secrets of a process; raises `BadSecrets` with everything that is wrong."""
    faults: list[str] = []
    said = {name: _key(environ, name, faults) for name in (KEYS, LOOKUP, SESSION)}
    passwords = [_password(environ, name, faults) for name in (MAIL, INBOX, TEXT, METRICS)]
    keys = [key.strip() for key in said[KEYS].split(",") if key.strip()]
    for name, given in ((KEYS, keys), (LOOKUP, [said[LOOKUP]]), (SESSION, [said[SESSION]])):
        faults += [
            f"{name}: key {i} of {len(given)} is not 32 bytes in URL-safe base64 (44 characters, the last is =)"
            for i, key in enumerate(given, start=1)
            if key and not _KEY.fullmatch(key)
        ]
        # An older key may still open what was sealed with it; nothing new is.
        if given and _KEY.fullmatch(given[0]) and not _is_drawn(given[0]):
            faults.append(f"{name}: key 1 of {len(given)} was typed, not drawn: it is easy to guess")
    if passwords[-1] and len(passwords[-1]) < SHORTEST:
        faults.append(f"{METRICS}: at least {SHORTEST} letters, for it can be guessed as often as somebody likes")
    if len({*keys, said[LOOKUP], said[SESSION]}) < len(keys) + 2 and not faults:
        faults.append(f"{KEYS}, {LOOKUP} and {SESSION}: the same key twice; every key has one use")
    if faults:
        raise BadSecrets(faults)
    return Secrets(tuple(key.encode() for key in keys), urlsafe_b64decode(said[LOOKUP]), said[SESSION], *passwords)


def _is_drawn(key: str) -> bool:
    """Whether a key in the right form can be one of chance."""
    places = [_ALPHABET.index(letter) for letter in key.rstrip("=")]
    steps = {after - before for before, after in pairwise(places)}
    both = any(letter.isupper() for letter in key) and any(letter.islower() for letter in key)
    return both and min(len(set(places)), len(steps)) >= DIFFERENT


def _key(environ: Mapping[str, str], name: str, faults: list[str]) -> str:
    """One that nothing works without."""
    value = _read(environ, name, faults)
    if value is not None and not value.strip(","):
        faults.append(f"{name} is missing; set it, or {name}_FILE to the path of a file that holds it")
    return value or ""


def _password(environ: Mapping[str, str], name: str, faults: list[str]) -> str:
    """One that may be left out."""
    value = _read(environ, name, faults) or ""
    if not (value.isascii() and value.isprintable()):
        faults.append(f"{name}: only letters without accents, digits and signs, on one line; servers take no others")
    return value


def _read(environ: Mapping[str, str], name: str, faults: list[str]) -> str | None:
    """The value of a variable, or the content of the file that NAME_FILE names; None if that cannot be read."""
    value, file = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if value and file:
        faults.append(f"{name} and {name}_FILE are both set; leave one of them out")
    elif file:
        try:
            value = Path(file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            faults.append(f"{name}_FILE: the file {file!r} cannot be read as text")
            return None
    return value
