"""Locks that cannot be kept: no such group, no time, no room, or against another lock."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations

from matcher.domain import Lock
from matcher.faults import written
from matcher.messages import Message
from matcher.tables.cells import Cells, few
from matcher.tables.together import Whole

Locked = list[tuple[Lock, Cells]]


def check_locks(whole: Whole) -> None:
    """Every fault of the locks."""
    for lock, row in whole.locks:
        _check_place(whole, lock, row)
    _check_room(whole)
    _check_closed(whole)
    for locks in _by_unit(whole):
        _check_contradictions(whole, locks)
    _check_meetings(whole)
    _check_neighbours(whole)


def _check_place(whole: Whole, lock: Lock, row: Cells) -> None:
    session = whole.sessions.sessions[lock.session]
    if lock.group is not None and lock.group > session.groups:
        what = Message.of("fault.no_group", session=written(session.id), group=lock.group)
        row.fault("group", what, Message.of("fix.group", most=session.groups))
    if lock.person is not None and "availability" in whole.firm:
        possible = whole.people.people[lock.person].sessions
        if possible and session.id not in possible:
            what = Message.of("fault.cannot_come", person=written(lock.person), session=written(session.id))
            row.fault("session", what, Message.of("fix.possible_session", sessions=few(possible)))


def _check_room(whole: Whole) -> None:
    """No more people are locked in than there is room for; the first one too many is told."""
    index = {s.id: i for i, s in enumerate(whole.problem.sessions)}
    inside, total = Counter[tuple[str, int]](), Counter[str]()
    for lock, row in whole.locks:
        if lock.person is None:
            continue
        s, high = index[lock.session], int(whole.frame.high[index[lock.session]])
        room = min(int(whole.frame.seats[s]), int(whole.frame.groups[s]) * high)
        total[lock.session] += 1
        if lock.group is not None:
            inside[lock.session, lock.group] += 1
            if inside[lock.session, lock.group] == high + 1:
                row.fault("group", Message.of("fault.full_group", most=high), Message.of("fix.fewer_locks"))
        if total[lock.session] == room + 1:
            row.fault("session", Message.of("fault.full_session", most=room), Message.of("fix.fewer_locks"))


def _check_closed(whole: Whole) -> None:
    """A group that nobody may join has enough people already."""
    low = {s.id: int(whole.frame.low[i]) for i, s in enumerate(whole.problem.sessions)}
    inside = Counter((lock.session, lock.group) for lock, _ in whole.locks if lock.person is not None)
    for lock, row in whole.locks:
        if lock.person is None and lock.group is not None:
            count = inside[lock.session, lock.group]
            if count < low[lock.session]:
                what = Message.of("fault.small_lock", people=count, least=low[lock.session])
                row.fault("group", what, Message.of("fix.lock_more"))


def _by_unit(whole: Whole) -> Iterable[Locked]:
    """The locks of everybody who is placed as one: a person, or a chain of buddies that fits into a group."""
    chains = [chain for chain in whole.chains if len(chain) <= whole.largest]
    chain_of = {person: min(chain) for chain in chains for person in chain}
    units: dict[str, Locked] = defaultdict(list)
    for lock, row in whole.locks:
        if lock.person is not None:
            units[chain_of.get(lock.person, lock.person)].append((lock, row))
    return units.values()


def _check_contradictions(whole: Whole, locks: Locked) -> None:
    for (one, _), (two, row) in combinations(locks, 2):
        if _contradict(whole, one, two):
            what = Message.of("fault.contradicts", lock=_seat(two), other=_seat(one))
            row.fault("session", what, Message.of("fix.one_place"))


def _contradict(whole: Whole, one: Lock, two: Lock) -> bool:
    if one.session == two.session:
        return None not in (one.group, two.group) and one.group != two.group
    a, b = whole.sessions.sessions[one.session], whole.sessions.sessions[two.session]
    return a.overlaps(b) or (whole.problem.format.series == "rounds" and a.round == b.round)


def _seat(lock: Lock) -> Message:
    person, session = written(lock.person), written(lock.session)
    if lock.group:
        return Message.of("fault.lock_in_group", person=person, session=session, group=lock.group)
    return Message.of("fault.lock_in_session", person=person, session=session)


def _check_meetings(whole: Whole) -> None:
    most = dict(zip((p.id for p in whole.problem.people), whole.frame.meetings.tolist(), strict=True))
    sessions: dict[str, set[str]] = defaultdict(set)
    for lock, row in whole.locks:
        if lock.person is not None:
            sessions[lock.person].add(lock.session)
            if len(sessions[lock.person]) == most[lock.person] + 1:
                what = Message.of("fault.session_too_many", person=written(lock.person))
                row.fault("person", what, Message.of("fix.meetings", most=most[lock.person]))


def _check_neighbours(whole: Whole) -> None:
    """People who must stay apart are not locked into one group."""
    tables: dict[tuple[str, int], dict[str, Cells]] = defaultdict(dict)
    for lock, row in whole.locks if "apart" in whole.firm else ():
        if lock.person is not None and lock.group is not None:
            tables[lock.session, lock.group][lock.person] = row
    for seated in tables.values():
        for person, row in seated.items():
            for other in sorted(whole.people.people[person].apart & seated.keys() - {person}):
                what = Message.of("fault.locked_together", person=written(person), other=written(other))
                row.fault("person", what, Message.of("fix.other_group"))
