"""What a value in a document may be; for a rule, told from the type of its field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from matcher.messages import Message

LARGEST = 1_000_000
"""Numbers in a format are counts, shares and prices; beyond this, sums would lose precision."""
LONGEST = 200


@dataclass(frozen=True, slots=True)
class ValueKind:
    """A kind of value: `fits` tells one, `made` is it in the domain; name and example are for people."""

    name: Message
    example: Message
    fits: Callable[[Any], bool]
    made: Callable[[Any], Any]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable()


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    # Nothing else compares like this: not "nan", not infinity, and a number of a thousand digits is no float.
    return number and 0 <= value <= LARGEST


def whole(low: int = 0, high: int = LARGEST) -> ValueKind:
    """A whole number within bounds."""
    return ValueKind(
        whole_number(low, high),
        for_instance(str(min(max(low, 5), high))),
        lambda v: type(v) is int and low <= v <= high,
        int,
    )


def whole_number(low: int, high: int) -> Message:
    """What a whole number within bounds is called."""
    if high < LARGEST:
        return Message.of("kind.whole_between", low=low, high=high)
    return Message.of("kind.whole_from", low=low)


def for_instance(value: str) -> Message:
    """An example, as it stands in a document."""
    return Message.of("fix.for_instance", value=value)


def one_of(*words: str) -> ValueKind:
    """One of a few words."""
    named = Message.of("kind.one_of", words=words)
    return ValueKind(named, for_instance(f'"{words[0]}"'), lambda v: isinstance(v, str) and v in words, str)


_FLAG = Message.of("kind.flag")
TEXT = ValueKind(Message.of("kind.text", most=LONGEST), for_instance('"dialoog"'), _is_text, str)
FLAG = ValueKind(_FLAG, _FLAG, lambda v: isinstance(v, bool), bool)
NUMBER = ValueKind(Message.of("kind.number"), for_instance("0.5"), _is_number, float)
TEXTS = ValueKind(
    Message.of("kind.texts"),
    for_instance('["dialogue"]'),
    lambda v: isinstance(v, list | tuple) and all(map(_is_text, v)),
    tuple,
)

_PLAIN: dict[Any, ValueKind] = {str: TEXT, bool: FLAG, int: whole(), float: NUMBER}


def kind_of(hint: Any) -> ValueKind:
    """The kind of value that a field of this type takes. Raises KeyError for a type that no rule has had yet."""
    origin, words = get_origin(hint), get_args(hint)
    if origin is Literal:
        return one_of(*words)
    if origin in (UnionType, Union):
        return kind_of(next(word for word in words if word is not NoneType))
    if origin in (tuple, frozenset, list):
        return TEXTS
    return _PLAIN[hint]
