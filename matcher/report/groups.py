"""The groups of a plan as the page shows them: rounds, sessions and a card per group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from matcher.checking import Seating
from matcher.domain import Group, Participant, Problem, Session
from matcher.outcome import Result
from matcher.report import dates
from matcher.report.mix import DimensionMix, Part, parts
from matcher.report.rulebook import spots_by_group
from matcher.terms import View
from matcher.words import Words


@dataclass(frozen=True, slots=True)
class GroupCard:
    """One group. `mixes` go by dimension; `notes` are breaches: firm or not, and a sentence."""

    anchor: str
    group: Group
    language: str
    needs: list[str]
    mixes: list[list[Part]]
    score: str
    notes: list[tuple[bool, str]]


@dataclass(frozen=True, slots=True)
class SessionGroups:
    """One session with its groups."""

    anchor: str
    session: Session
    title: str
    times: list[str]
    place: str
    people: int
    cards: list[GroupCard]


def in_order(problem: Problem, result: Result) -> list[tuple[Session, list[Group]]]:
    """The sessions with groups, in order of time, and after them those that the problem does not know."""
    groups: dict[str, list[Group]] = {}
    for group in sorted(result.plan.groups):
        groups.setdefault(group.session, []).append(group)
    known = [s for s in dates.in_order(problem) if s.id in groups]
    strange = groups.keys() - {s.id for s in known}
    return [(s, groups[s.id]) for s in [*known, *(Session(s, 0) for s in sorted(strange))]]


def gatherings(words: Words, problem: Problem, result: Result, shown: list[DimensionMix]) -> list[SessionGroups]:
    """Every session with its cards; groups are numbered through the page for the links to them."""
    people = {p.id: p for p in problem.people}
    notes = spots_by_group(words, result)
    scores = _scores(words, problem, result)
    found: list[SessionGroups] = []
    for session, groups in in_order(problem, result):
        start = 1 + sum(len(g.cards) for g in found)
        cards = [
            GroupCard(
                f"g{start + i}",
                group,
                words.name("languages", group.language),
                list(needs(group, people)),
                [parts(d.counts(people[p] for p in group.people if p in people)) for d in shown],
                scores.get((group.session, group.number), ""),
                notes.get((group.session, group.number), []),
            )
            for i, group in enumerate(groups)
        ]
        found.append(_gathering(words, session, cards, len(found) + 1))
    return found


def _gathering(words: Words, session: Session, cards: list[GroupCard], number: int) -> SessionGroups:
    when = dates.times(words, session)
    people = sum(len(c.group.people) for c in cards)
    title, place = dates.title(words, session), dates.place(words, session)
    return SessionGroups(f"s{number}", session, title, when if len(when) > 1 else [], place, people, cards)


def needs(group: Group, people: Mapping[str, Participant], called: Callable[[str], str] = str) -> Iterator[str]:
    """Each need in a group with the people who have it, called by their ids or otherwise."""
    found: dict[str, list[str]] = {}
    for p in group.people:
        for need in sorted(people[p].needs) if p in people else ():
            found.setdefault(need, []).append(p)
    for need, who in sorted(found.items()):
        yield f"{need} ({', '.join(map(called, who))})"


def _scores(words: Words, problem: Problem, result: Result) -> dict[tuple[str, int], str]:
    """The mean bridging of a seat, per group."""
    if not problem.people:
        return {}
    seating = Seating(View(problem), result.plan)
    each = zip(seating.groups, seating.bridging(), seating.members, strict=True)
    scored = {(g.session, g.number): (b, len(m)) for g, b, m in each}
    mean = words.number(sum(b for b, _ in scored.values()) / max(1, sum(n for _, n in scored.values())), 2)
    return {
        key: words("groups.mean", score=words.number(b / max(1, n), 2), mean=mean) for key, (b, n) in scored.items()
    }
