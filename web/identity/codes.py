"""Codes for people to write down: those of a sign-up and of a key contact. Only letters and digits count."""

from __future__ import annotations

import unicodedata

from web.crypto import CODE_LETTERS

LENGTH = 6
"""Characters of the code of a sign-up."""
LONGEST = 80
"""Characters that are looked at."""
_READ = frozenset(CODE_LETTERS + "OI01")


def canonical(typed: str | None) -> str:
    """The same for 'K7Q 2M4', '#k7q2m4' and 'K7Q2M4.'."""
    text = unicodedata.normalize("NFKC", (typed or "")[:LONGEST]).upper()
    return "".join(_digit(c) for c in text if c.isalnum())


def within(typed: str | None) -> tuple[str, ...]:
    """What may be a code in what somebody typed: all of it, or a word of it, as in 'K7Q2M4 (Fatma)'."""
    words = (canonical(word) for word in (typed or "")[:LONGEST].split())
    return tuple(dict.fromkeys([canonical(typed), *(word for word in words if len(word) == LENGTH)]))


def looks_like_code(typed: str) -> bool:
    """Whether somebody meant a code and not a name: as long as one, with a digit in it or all in capitals.

    Also with an O, 0, I or 1, which no code has: then it was read wrong.
    """
    shown = not any(c.islower() for c in typed)
    return any(
        len(code) == LENGTH and set(code) <= _READ and (shown or any(c.isdigit() for c in code))
        for code in within(typed)
    )


def _digit(c: str) -> str:
    value = unicodedata.digit(c, None)
    return c if value is None else str(value)
