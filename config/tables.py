"""Tables of settings: what must stand in them, and what keys and texts look like."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from matcher.faults import instead, listed, quoted
from matcher.toml.document import Section
from matcher.toml.kinds import Kind

LONGEST = 600
"""Characters in a text on a screen: a paragraph."""

DOMAIN = r"[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*(?:\.[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*)*"
"""The name of a domain as every server takes it; one in another script is written as xn--..."""

KEY_MEANS = "write a-z, 0-9, - and _, at most 40 of them"
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def is_key(word: str) -> bool:
    """Whether a word can be the key of a thing: it ends up in forms, tables and addresses."""
    return bool(_KEY.fullmatch(word))


def prose(most: int = LONGEST) -> Kind:
    """A text on one line that somebody reads."""
    return Kind(
        f"a text of 1 to {most} characters on one line",
        'for instance "Hoe oud ben je?"',
        lambda v: isinstance(v, str) and 0 < len(v.strip()) <= most and v.isprintable(),
        str,
    )


def pattern(name: str, example: str, shape: str) -> Kind:
    """A text of a certain shape."""
    return Kind(name, f'for instance "{example}"', lambda v: isinstance(v, str) and bool(re.fullmatch(shape, v)), str)


def needed(table: Section, key: str, kind: Kind, stand_in: Any = None) -> Any:
    """The value of a key that must be there; after a fault the stand-in, so that reading goes on."""
    if key not in table.content:
        meaning = listed(dict.fromkeys((kind.name, kind.example)))
        table.fault(key, f"{quoted(key)} is missing", f"add {key} = {meaning}")
    return table.take(key, kind, stand_in)


def all_of(table: Section, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """Every key of a table that has exactly these; None stands for a value with a fault."""
    table.refuse_unknown(kinds)
    return {key: needed(table, key, kind) for key, kind in kinds.items()}


def refuse(table: Section, known: Collection[str], meaning: str) -> None:
    """Refuse unknown keys where it is not obvious what the known ones are for."""
    for key in table.content:
        if key not in known:
            table.fault(key, f"unknown key {quoted(key)}", f"{instead(key, known)} ({meaning})")


def named(table: Section, what: str, least: int = 0) -> Iterator[tuple[str, Section]]:
    """The tables in a table that is a list of things by key."""
    if len(table.content) < least:
        table.fault("", f"too few: {len(table.content)}", f"add {what}: at least {least}, each with its key")
    for key in table.content:
        if not is_key(key):
            table.fault(key, f"{quoted(key)} cannot be the key of {what}", KEY_MEANS)
        yield key, table.inner(key)


def refer(table: Section, key: str, words: Collection[str], known: Collection[str], where: str) -> None:
    """Every word must be known elsewhere, and stand here once."""
    for word in words:
        if word not in known:
            table.fault(key, f"unknown {quoted(word)}", f"{instead(word, known)} ({where})")
    if len(set(words)) < len(words):
        table.fault(key, f"the same word twice: {listed(words)}", "leave one of them out")
