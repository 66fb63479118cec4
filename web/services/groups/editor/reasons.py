"""Why people have no place, each reason once with everybody whom it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from web.services.groups.editor.looking import BoardPerson, Unplaced


@dataclass(frozen=True, slots=True)
class SharedReason:
    """Why these people have no place, and what would help; `key` stays the same as long as the words do."""

    key: str
    why: str
    help: str
    people: tuple[BoardPerson, ...]


def shared(unplaced: Sequence[Unplaced]) -> list[SharedReason]:
    """The reasons, that of most people first. Somebody without a known reason is in none: see `unexplained`."""
    found: dict[tuple[str, str], list[BoardPerson]] = {}
    for one in unplaced:
        if one.why:
            found.setdefault((one.why, one.help), []).append(one.person)
    reasons = [SharedReason(_key(why, help), why, help, tuple(people)) for (why, help), people in found.items()]
    return sorted(reasons, key=lambda reason: -len(reason.people))


def unexplained(unplaced: Sequence[Unplaced]) -> list[BoardPerson]:
    """Who has no place for no reason that is known or may be shown: taken away by hand, or new."""
    return [one.person for one in unplaced if not one.why]


def _key(why: str, help: str) -> str:
    return sha256(f"{why}\n{help}".encode()).hexdigest()[:8]
