"""Tables of settings: what must stand in them, and what keys and texts look like."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from matcher.faults import instead, several, written
from matcher.messages import Message
from matcher.toml.document import Section, unknown_key
from matcher.toml.kinds import ValueKind, for_instance

LONGEST = 600
"""Characters in a text on a screen: a paragraph."""

DOMAIN = r"[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*(?:\.[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*)*"
"""The name of a domain as every server takes it; one in another script is written as xn--..."""

KEY_MEANS = Message.of("config.key")
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def is_key(word: str) -> bool:
    """Whether a word can be the key of a thing: it ends up in forms, tables and addresses."""
    return bool(_KEY.fullmatch(word))


def prose(most: int = LONGEST) -> ValueKind:
    """A text on one line that somebody reads."""
    return ValueKind(
        Message.of("config.prose", most=most),
        for_instance('"Hoe oud ben je?"'),
        lambda v: isinstance(v, str) and 0 < len(v.strip()) <= most and v.isprintable(),
        str,
    )


def pattern(name: Message, example: str, shape: str) -> ValueKind:
    """A text of a certain shape."""
    return ValueKind(
        name, for_instance(f'"{example}"'), lambda v: isinstance(v, str) and bool(re.fullmatch(shape, v)), str
    )


def needed(table: Section, key: str, kind: ValueKind, stand_in: Any = None) -> Any:
    """The value of a key that must be there; after a fault the stand-in, so that reading goes on."""
    if key not in table.content:
        meaning = tuple(dict.fromkeys((kind.name, kind.example)))
        what = Message.of("config.missing", key=written(key))
        table.fault(key, what, Message.of("fix.add", key=key, value=meaning))
    return table.take(key, kind, stand_in)


def all_of(table: Section, kinds: Mapping[str, ValueKind]) -> dict[str, Any]:
    """Every key of a table that has exactly these; None stands for a value with a fault."""
    table.refuse_unknown(kinds)
    return {key: needed(table, key, kind) for key, kind in kinds.items()}


def refuse(table: Section, known: Collection[str], meaning: Message) -> None:
    """Refuse unknown keys where it is not obvious what the known ones are for."""
    for key in table.content:
        if key not in known:
            right = Message.of("fix.among", fix=instead(key, known), where=meaning)
            table.fault(key, unknown_key(written(key)), right)


def named(table: Section, what: Message, least: int = 0) -> Iterator[tuple[str, Section]]:
    """The tables in a table that is a list of things by key."""
    if len(table.content) < least:
        right = Message.of("config.add_some", what=what, least=least)
        table.fault("", Message.of("config.too_few", count=len(table.content)), right)
    for key in table.content:
        if not is_key(key):
            table.fault(key, Message.of("config.no_key", key=written(key), what=what), KEY_MEANS)
        yield key, table.inner(key)


def refer(table: Section, key: str, words: Collection[str], known: Collection[str], where: Message) -> None:
    """Every word must be known elsewhere, and stand here once."""
    for word in words:
        if word not in known:
            right = Message.of("fix.among", fix=instead(word, known), where=where)
            table.fault(key, Message.of("config.unknown", value=written(word)), right)
    if len(set(words)) < len(words):
        table.fault(key, Message.of("config.word_twice", words=several(words)), Message.of("fix.leave_one"))
