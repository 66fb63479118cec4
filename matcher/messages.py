"""What the engine has to say: a key and typed values, for which the words stand in the catalogues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NewType, Self, TypeAlias

Key = NewType("Key", str)
"""A key that is kept before it is said; whatever gathers the keys of the source looks for `Key`, `of` and `private`."""


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """Something with a code, which whoever renders the message may call by a name that people know."""

    code: str


class RuleName(Named):
    """A rule of the format, or of the frame, by the name of its file: `never_alone`."""

    __slots__ = ()


class DimensionName(Named):
    """What people are asked: `age_band`."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, order=True)
class BubbleName(Named):
    """One answer to a dimension. Its code is the answer: `26-40`."""

    dimension: str


class SessionId(Named):
    """A session by its id."""

    __slots__ = ()


class PersonId(Named):
    """A participant by id."""

    __slots__ = ()


class FacilitatorId(Named):
    """A facilitator by id."""

    __slots__ = ()


class LanguageCode(Named):
    """A language by its code: `nl`."""

    __slots__ = ()


class NeedKey(Named):
    """What somebody needs of a place: `lift`, `online`."""

    __slots__ = ()


class Skill(Named):
    """What a facilitator has learnt."""

    __slots__ = ()


NAMED: Mapping[str, type[Named]] = {
    kind.__name__: kind
    for kind in (RuleName, DimensionName, BubbleName, SessionId, PersonId, FacilitatorId, LanguageCode, NeedKey, Skill)
}

Value: TypeAlias = "str | int | float | Named | Message | tuple[Value, ...]"
"""Numbers are counts and measures, a str is quoted as it stands, a tuple is an enumeration."""


@dataclass(frozen=True, slots=True)
class Message:
    """A key of the catalogues with its values in the order of their names.

    `personal`: it tells something about people that not everybody may know, such as how many gave an answer.
    A value `n` is the count that chooses the plural. Make one with `of` or `private`.
    """

    key: str
    values: tuple[tuple[str, Value], ...] = ()
    personal: bool = False

    @classmethod
    def of(cls, key: str, /, **values: Value) -> Self:
        """`Message.of("reason.full", n=3, session=SessionId("mon"))`; personal if a message among its values is."""
        personal = any(isinstance(value, Message) and value.personal for value in values.values())
        return cls(key, tuple(sorted(values.items())), personal)

    @classmethod
    def private(cls, key: str, /, **values: Value) -> Self:
        """A personal one."""
        return cls(key, tuple(sorted(values.items())), True)

    def __getitem__(self, name: str) -> Value:
        """One value. Raises KeyError."""
        return dict(self.values)[name]

    def named(self) -> Iterator[Named]:
        """Everything with a code that it speaks of, also inside enumerations and messages."""
        return _named(value for _, value in self.values)

    def stored(self) -> dict[str, Any]:
        """As JSON; `read` takes it back."""
        values = {name: _stored(value) for name, value in self.values}
        return {"key": self.key, "values": values, "personal": self.personal}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """What `stored` gave. Raises KeyError for what is not a message."""
        values = {name: _read(value) for name, value in stored["values"].items()}
        return cls(stored["key"], tuple(sorted(values.items())), stored["personal"])


def each(kind: type[Named], codes: Iterable[str]) -> tuple[Value, ...]:
    """An enumeration of things of one kind, sorted by code."""
    return tuple(kind(code) for code in sorted(codes))


def _named(values: Iterable[Value]) -> Iterator[Named]:
    for value in values:
        if isinstance(value, Named):
            yield value
        elif isinstance(value, Message):
            yield from value.named()
        elif isinstance(value, tuple):
            yield from _named(value)


def _stored(value: Value) -> Any:
    if isinstance(value, Message):
        return value.stored()
    if isinstance(value, BubbleName):
        return {"kind": BubbleName.__name__, "code": value.code, "dimension": value.dimension}
    if isinstance(value, Named):
        return {"kind": type(value).__name__, "code": value.code}
    return [_stored(part) for part in value] if isinstance(value, tuple) else value


def _read(stored: Any) -> Value:
    if isinstance(stored, list):
        return tuple(map(_read, stored))
    if not isinstance(stored, Mapping):
        return stored  # type: ignore[no-any-return]
    if "kind" not in stored:
        return Message.read(stored)
    return NAMED[stored["kind"]](**{name: value for name, value in stored.items() if name != "kind"})
