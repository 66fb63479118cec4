"""What a value of a format may be, told from the type of a field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

LARGEST = 1_000_000
"""Numbers in a format are counts, shares and prices; beyond this, sums would lose precision."""
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: `fits` tells one, `made` is it in the domain; the texts are for people."""

    name: str
    example: str
    fits: Callable[[Any], bool]
    made: Callable[[Any], Any]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable()


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    # Nothing else compares like this: not "nan", not infinity, and a number of a thousand digits is no float.
    return number and 0 <= value <= LARGEST


def whole(low: int = 0, high: int = LARGEST) -> Kind:
    """A whole number within bounds."""
    return Kind(
        f"a whole number from {low} to {high}" if high < LARGEST else f"a whole number of {low} or more",
        f"for instance {min(max(low, 5), high)}",
        lambda v: type(v) is int and low <= v <= high,
        int,
    )


def one_of(*words: str) -> Kind:
    """One of a few words."""
    named = f"one of {', '.join(words)}"
    return Kind(named, f'for instance "{words[0]}"', lambda v: isinstance(v, str) and v in words, str)


TEXT = Kind(f"a text of 1 to {LONGEST} characters", 'for instance "dialoog"', _is_text, str)
FLAG = Kind("true or false", "true or false", lambda v: isinstance(v, bool), bool)
NUMBER = Kind("a number of 0 or more", "for instance 0.5", _is_number, float)
TEXTS = Kind(
    "a list of texts",
    'for instance ["dialogue"]',
    lambda v: isinstance(v, list | tuple) and all(map(_is_text, v)),
    tuple,
)
ANY = Kind("anything", "anything", lambda v: True, lambda v: v)

_PLAIN: dict[Any, Kind] = {str: TEXT, bool: FLAG, int: whole(), float: NUMBER}


def kind_of(hint: Any) -> Kind:
    """The kind of value that a field of this type takes."""
    origin, words = get_origin(hint), get_args(hint)
    if origin is Literal:
        return one_of(*words)
    if origin in (UnionType, Union):
        return kind_of(next(word for word in words if word is not NoneType))
    if origin in (tuple, frozenset, list):
        return TEXTS
    return _PLAIN.get(hint, ANY)
