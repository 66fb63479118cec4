"""What travels: the people, sessions, rules and plans of one matching problem, all frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from matcher.messages import Message

NONE: frozenset[str] = frozenset()
HEAVIEST = 1000.0
"""The most that a dimension or common ground weighs: with larger weights sums would not fit, and mean nothing more."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who signed up, under an opaque id.

    `bubbles` maps a dimension to what was told (several answers allowed); a missing dimension was not told.
    Empty `sessions` means every session. `prefers` is a set of sessions that are equally good, or a tuple with the best
    one first. `interpreters` are languages between which this person interprets for others at the table. `wishes` are
    people of whom at least one is hoped for. `max_meetings` None means one, or every round in a series of rounds.
    """

    id: str
    bubbles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sessions: frozenset[str] = NONE
    prefers: frozenset[str] | tuple[str, ...] = NONE
    languages: frozenset[str] = frozenset({"nl"})
    interpreters: frozenset[str] = NONE
    needs: frozenset[str] = NONE
    interests: frozenset[str] = NONE
    buddies: frozenset[str] = NONE
    apart: frozenset[str] = NONE
    wishes: frozenset[str] = NONE
    household: str = ""
    recruited_by: str = ""
    organisation: str = ""
    outspoken: bool = False
    priority: int = 0
    max_meetings: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One gathering: a place at a time, with room for `groups` groups and, if given, `seats` people in all.

    Several starts and ends are the dates of one series with the same group. Empty `languages` means any language.
    `min`, `target` and `max` are people in a group of this session, where they are not those of the format.
    """

    id: str
    groups: int
    round: int = 1
    starts: tuple[datetime, ...] = ()
    ends: tuple[datetime, ...] = ()
    venue: str = ""
    mode: str = "here"
    seats: int | None = None
    access: frozenset[str] = NONE
    languages: frozenset[str] = NONE
    min: int | None = None
    target: int | None = None
    max: int | None = None

    def overlaps(self, other: Session) -> bool:
        """Whether somebody would have to be in two places at once; sessions without times never overlap."""
        return any(
            a < d and c < b
            for a, b in zip(self.starts, self.ends, strict=False)
            for c, d in zip(other.starts, other.ends, strict=False)
        )


@dataclass(frozen=True, slots=True)
class Facilitator:
    """Somebody who leads at most `max_groups` groups in all and one at a time. Empty `sessions` means every session.

    `person` is the id of the participant who this is: a host, who sits in every group that they lead.
    """

    id: str
    sessions: frozenset[str] = NONE
    languages: frozenset[str] = frozenset({"nl"})
    skills: frozenset[str] = NONE
    max_groups: int = 1
    person: str = ""


@dataclass(frozen=True, slots=True)
class Lock:
    """A decision by hand: `person` sits in `session` (in group number `group` if given, counted from 1).

    `person` None fixes the whole group: nobody joins it but those who are locked into it.
    """

    person: str | None
    session: str
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Size:
    """People in a group. Default of the Dutch dialogue tables: 5 to 8, gladly 7.

    `weight` is the price of sizes off the target, see `Format.off_target`.
    """

    min: int = 5
    target: int = 7
    max: int = 8
    weight: float = 0.1


class Constraint(Protocol):
    """What a format knows of its rules; `matcher.terms.Rule` is the whole of one."""

    @property
    def name(self) -> str:
        """The name of its file."""

    @property
    def title(self) -> str:
        """Its name, and its dimension if it has one."""

    @property
    def firm(self) -> bool:
        """Whether no plan may break it."""

    @property
    def weight(self) -> float:
        """What a breach costs otherwise, in units of bridging."""


@dataclass(frozen=True, slots=True)
class Format:
    """One recipe for a meeting. `bridging` weighs each dimension in the distance between two people."""

    name: str = "meeting"
    goal: Literal["bridging", "bonding"] = "bridging"
    facilitator: Literal["required", "optional", "none"] = "none"
    skills: frozenset[str] = NONE
    size: Size = Size()
    series: Literal["single", "same", "rounds"] = "single"
    rounds: int = 1
    bridging: Mapping[str, float] = field(default_factory=dict)
    rules: tuple[Constraint, ...] = ()

    def off_target(self, people: int) -> float:
        """The price of a group with so many people too many or too few, in units of bridging.

        In parts of the summed weights of the dimensions: once for the first person, twice for the second, and so on, so
        that groups are even.
        """
        most = sum(min(weight, HEAVIEST) for weight in self.bridging.values() if weight > 0) or 1.0
        return self.size.weight * most * people * (people + 1) / 2


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a plan depends on, but for seed and budget. `met` counts earlier meetings of two people (a < b)."""

    people: tuple[Participant, ...]
    sessions: tuple[Session, ...]
    format: Format
    facilitators: tuple[Facilitator, ...] = ()
    met: Mapping[tuple[str, str], int] = field(default_factory=dict)
    locks: tuple[Lock, ...] = ()
    population: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """One table during one session; `number` counts from 1 within the session; `people` are sorted ids."""

    session: str
    number: int
    people: tuple[str, ...]
    language: str = ""
    facilitator: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Who sits where: groups sorted by session and number, none of them empty."""

    groups: tuple[Group, ...] = ()

    def seats(self) -> list[tuple[str, Group]]:
        """Every (person, group) of the plan, in order."""
        return [(person, group) for group in self.groups for person in group.people]

    def placed(self) -> frozenset[str]:
        """Ids of the people with at least one seat."""
        return frozenset(person for group in self.groups for person in group.people)


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a plan does not meet a rule. `amount` counts breaches in the unit of the rule."""

    rule: str
    message: Message
    amount: float
    firm: bool
    weight: float = 0.0
    session: str = ""
    group: int = 0
    people: tuple[str, ...] = ()
