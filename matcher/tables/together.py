"""What can only be seen across the tables: rooms and sizes, rounds, leaders, chains of buddies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from matcher.domain import Lock, Problem
from matcher.faults import FaultList, written
from matcher.messages import Message
from matcher.rules import frame_of, rules_of
from matcher.rules.even_mean import EvenMean
from matcher.rules.even_mean import number as number_in
from matcher.tables.cells import Cells, few
from matcher.tables.people import People
from matcher.tables.sessions import Sessions
from matcher.terms import Frame, View

_SIZES = ("min", "target", "max")


@dataclass(frozen=True)
class Whole:
    """A problem as it was read, with the rows that its parts come from; locks on unknown ids are left out."""

    problem: Problem
    people: People
    sessions: Sessions
    locks: list[tuple[Lock, Cells]]
    format_file: str

    @cached_property
    def frame(self) -> Frame:
        """The limits of the problem."""
        return frame_of(View(self.problem))

    @cached_property
    def firm(self) -> frozenset[str]:
        """Names of the firm rules."""
        return frozenset(rule.name for rule in rules_of(self.problem.format) if rule.firm)

    @cached_property
    def largest(self) -> int:
        """The largest group that any session allows."""
        return int(max(self.frame.high, default=0))

    @cached_property
    def chains(self) -> list[frozenset[str]]:
        """Buddies, and buddies of buddies: who is placed as one."""
        near: dict[str, set[str]] = defaultdict(set)
        for person in self.problem.people if "buddies" in self.firm else ():
            for buddy in person.buddies & self.people.people.keys():
                near[person.id].add(buddy)
                near[buddy].add(person.id)
        return list(_connected(near))


def check_together(whole: Whole, faults: FaultList) -> None:
    """Every fault across the tables."""
    _check_rooms(whole)
    _check_rounds(whole)
    _check_leaders(whole, faults)
    _check_chains(whole)


def notes_on(whole: Whole) -> Iterator[Message]:
    """What a rule asks of answers that nobody gave, or that it cannot read."""
    for rule in rules_of(whole.problem.format):
        dimension = getattr(rule, "dimension", "")
        told = [p.bubbles[dimension] for p in whole.problem.people if p.bubbles.get(dimension)]
        said = {"file": whole.format_file, "rule": written(rule.name), "dimension": written(dimension)}
        bubble = getattr(rule, "bubble", "")
        if bubble and not any(bubble in answers for answers in told):
            yield Message.of("note.nobody_of", bubble=written(bubble), **said)
        strange = sum(number_in(answers) is None for answers in told) if isinstance(rule, EvenMean) else 0
        if strange:
            yield Message.of("note.no_numbers", n=strange, **said)


def _connected(near: dict[str, set[str]]) -> Iterator[frozenset[str]]:
    seen: set[str] = set()
    for start in near:
        chain, todo = set[str](), [start]
        while todo:
            if (person := todo.pop()) not in seen:
                seen.add(person)
                chain.add(person)
                todo += near[person]
        if chain:
            yield frozenset(chain)


def _check_rooms(whole: Whole) -> None:
    for s, session in enumerate(whole.problem.sessions):
        low, high = int(whole.frame.low[s]), int(whole.frame.high[s])
        own = {key: size for key in _SIZES if (size := getattr(session, key)) is not None}
        if own and not _in_order(whole, own):
            whole.sessions.cells[session.id].fault(next(iter(own)), _bounds(whole, own), Message.of("fix.size"))
        elif high < low:
            column = "seats" if session.seats is not None and session.seats < low else "mode"
            what = Message.of("fault.small_room", room=high, least=low)
            whole.sessions.cells[session.id].fault(column, what, Message.of("fix.seats"))


def _in_order(whole: Whole, own: Mapping[str, int]) -> bool:
    """Whether the sizes of a session and those of the format go together; its target may be out of reach there."""
    size = whole.problem.format.size
    low, high = own.get("min", size.min), own.get("max", size.max)
    return low <= own.get("target", low) <= high and low <= high


def _bounds(whole: Whole, own: Mapping[str, int]) -> Message:
    usual = whole.problem.format.size
    said = (
        Message.of("fault.bound", key=key, value=own[key])
        if key in own
        else Message.of("fault.format_bound", key=key, value=getattr(usual, key))
        for key in _SIZES
    )
    return Message.of("fault.size", size=tuple(said))


def _check_rounds(whole: Whole) -> None:
    format = whole.problem.format
    if format.series != "rounds":
        return
    for session in whole.problem.sessions:
        if session.round > format.rounds:
            what = Message.of("fault.round_beyond", round=session.round, rounds=format.rounds)
            right = Message.of("fix.round", rounds=format.rounds)
            whole.sessions.cells[session.id].fault("round", what, right)
    missing = sorted(set(range(1, format.rounds + 1)) - {s.round for s in whole.problem.sessions})
    for number in missing[:1]:
        row = whole.sessions.cells[whole.problem.sessions[-1].id]
        right = Message.of("fix.every_round", rounds=format.rounds)
        row.fault("round", Message.of("fault.round_missing", round=number), right)


def _check_leaders(whole: Whole, faults: FaultList) -> None:
    if whole.problem.format.facilitator == "required" and not whole.problem.facilitators:
        what, right = Message.of("fault.no_facilitator"), Message.of("fix.facilitator")
        faults.add(whole.format_file, 1, "facilitator", what, right)


def _check_chains(whole: Whole) -> None:
    people = whole.people.people
    for chain in whole.chains:
        row = whole.people.cells[min(chain)]
        if len(chain) > whole.largest:
            what = Message.of("fault.long_chain", buddies=len(chain), people=few(chain), most=whole.largest)
            row.fault("buddies", what, Message.of("fix.shorter_chain"))
        for person in sorted(chain) if "apart" in whole.firm else ():
            # Who names the same person twice has been told so already.
            for other in sorted((people[person].apart & chain) - people[person].buddies - {person}):
                what = Message.of("fault.apart_in_chain", person=written(other))
                whole.people.cells[person].fault("apart", what, Message.of("fix.buddies_or_apart"))
