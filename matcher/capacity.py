"""How many people and seats there can be at all: what sizes, groups, chairs and times leave before any search."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.domain import Problem
from matcher.frames import clash
from matcher.rules import frame_of, rules_of
from matcher.terms import Fit, Frame, Ints, View

WHERE = ("availability", "access", "mode")
"""Rules about where somebody can be."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """`wanted` [people]: the seats that each could take by what they told. No plan has more `people` or `seats`.

    Fewer than `groups` cannot hold all the seats that are wanted.
    """

    wanted: Ints
    people: int
    seats: int
    groups: int


def capacity_of(problem: Problem) -> Capacity:
    """Count what there is room for. Linear in the people."""
    view = View(problem)
    frame = frame_of(view)
    may = _may(view)
    # Whoever comes once meets no clash, and there may be hundreds of sessions.
    label = occasions(view) if int(frame.meetings.max(initial=0)) > 1 else [0] * len(view.sessions)
    could = _different(may, label)
    wanted = np.minimum(frame.meetings, could)
    parts = _apart(view, frame)
    most = np.minimum(np.minimum(frame.meetings, _different(may, parts)), fresh(view, frame))
    able = most > 0
    filled = [_filled(frame, may[able], [s for s, part in enumerate(parts) if part == p]) for p in sorted(set(parts))]
    seats = min(sum(filled), int(most.sum()))
    each = may[wanted > 0] if bool((could <= frame.meetings).all()) else None
    return Capacity(wanted, min(int(able.sum()), seats), seats, _groups(frame, wanted, each, label))


def _groups(frame: Frame, wanted: Ints, each: NDArray[np.bool_] | None, label: list[int]) -> int:
    """Groups of the largest size for all seats: occasion by occasion where everybody wants to be at `each` they can."""
    high = np.maximum(frame.high, 1)
    if each is None:
        return -(-int(wanted.sum()) // int(high.max(initial=1)))
    kinds = [[s for s, other in enumerate(label) if other == number] for number in sorted(set(label))]
    return sum(-(-int(each[:, mine].any(1).sum()) // int(high[mine].max())) for mine in kinds)


def fresh(view: View, frame: Frame) -> Ints:
    """[people]: how often somebody can sit with new people only, where nobody may meet twice."""
    least = int(frame.low.min()) if len(frame.low) else 1
    chain = np.ones(len(view.people), np.int64)
    for together in frame.together:
        chain[list(together)] = len(together)
    new = least - chain  # Those who come together meet each time.
    if not any(rule.name == "met_before" and rule.firm for rule in rules_of(view.problem.format)):
        new = np.zeros_like(chain)
    never = np.full(len(chain), len(view.sessions), np.int64)
    return np.where(new > 0, (len(chain) - chain) // np.maximum(new, 1), never)


def _may(view: View) -> NDArray[np.bool_]:
    """[people, sessions]: who can be where, judged once for all who told the same."""
    kinds: dict[tuple[frozenset[str], frozenset[str]], int] = {}
    of = [kinds.setdefault((p.sessions, p.needs), len(kinds)) for p in view.people]
    first = dict(zip(reversed(of), reversed(view.people), strict=True))
    few = View(replace(view.problem, people=tuple(first[kind] for kind in range(len(kinds)))))
    may = np.ones((len(kinds), len(view.sessions)), bool)
    for rule in rules_of(view.problem.format):
        for term in rule.terms(few) if rule.firm and rule.name in WHERE else ():
            if isinstance(term, Fit) and term.by == "session":
                may &= term.amount <= 0
    return may[of]


def occasions(view: View) -> list[int]:
    """A number for every session: the same for those that exclude each other."""
    label = list(range(len(view.sessions)))
    for s in range(len(label)):
        for t in range(s):
            if label[s] != label[t] and clash(view, s, t):
                label = [label[t] if x == label[s] else x for x in label]
    return label


def _apart(view: View, frame: Frame) -> list[int]:
    """A number for every session: nobody has two seats in sessions of the same number, whatever the plan."""
    if int(frame.meetings.max(initial=1)) <= 1:
        return [0] * len(view.sessions)
    if view.problem.format.series == "rounds":
        return [session.round for session in view.sessions]
    return list(range(len(view.sessions)))


def _different(may: NDArray[np.bool_], label: list[int]) -> Ints:
    """[people]: in how many sessions of different numbers somebody can be."""
    found = np.zeros(len(may), np.int64)
    for number in set(label):
        found += may[:, [s for s, other in enumerate(label) if other == number]].any(1)
    return found


def _filled(frame: Frame, may: NDArray[np.bool_], sessions: list[int]) -> int:
    """The most people who fill groups of the sizes there may be, everybody once."""
    rooms: dict[tuple[int, int], int] = defaultdict(int)
    seats = 0
    for s in sessions:
        low, high, groups = max(1, int(frame.low[s])), int(frame.high[s]), int(frame.groups[s])
        if groups > 0 and high >= low:
            rooms[low, high] += groups
            seats += full(min(int(may[:, s].sum()), int(min(frame.seats[s], len(may)))), {(low, high): groups})
    return full(min(int(may[:, sessions].any(1).sum()), seats), rooms)


def full(people: int, rooms: Mapping[tuple[int, int], int]) -> int:
    """How many of these people can sit in groups with a least and a most size, of which there are so many."""
    reached, mask = 1, (1 << (people + 1)) - 1
    for (low, high), groups in Counter(rooms).items():
        for _ in range(min(groups, people // low)):
            if reached >> people & 1:
                return people
            reached |= _one_more(reached, low, high) & mask
    return reached.bit_length() - 1


def _one_more(reached: int, low: int, high: int) -> int:
    """The numbers of people with one more group; bit n stands for n people."""
    wide, span = reached << low, 1
    while span < high - low + 1:
        step = min(span, high - low + 1 - span)
        wide |= wide << step
        span += step
    return wide
