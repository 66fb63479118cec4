"""Whether the published plan still fits: answers, cancellations, a place or a leader may have changed since.

Nothing of this is stored: it is the matcher's own check of the plan that counts, so what is mended is gone by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, defer

from config import Settings
from matcher import Group
from matcher.checking import breaches
from matcher.domain import Breach, Plan, Problem
from web.rows import Availability, PlanGroup, Series, Signup, TimeSlot
from web.rows import Plan as Published
from web.rows import Seat as Chair
from web.rows.people import SignupState, sealed_except
from web.services.plans import company
from web.services.plans.board import Board
from web.services.plans.current import given_up, groups_of, has_seat, plan_of, seats_of
from web.services.plans.problem import composed, concerned, sessions_of
from web.services.plans.published import board_of, published
from web.services.plans.visible_rules import may_show

TIME, LEADER, SIZE = "availability", "facilitator", "size"
LANGUAGE, BUDDIES, APART = "shared_language", "buddies", "apart"
OF_A_SEAT = frozenset({TIME, "access", "mode", "max_meetings", LANGUAGE, BUDDIES})
"""Rules that are about one person at one table, whoever else sits there."""

Seat = tuple[int, int, int]
"""Sign-up, session and number of the table."""
Table = tuple[int, int]
"""Session and number of a table; number 0 for all of a session, session 0 for the whole plan."""


@dataclass(frozen=True, slots=True)
class Misfits:
    """The seats and the tables to come that break a firm rule by now, each with the names of those rules."""

    seats: Mapping[Seat, tuple[str, ...]] = field(default_factory=dict)
    tables: Mapping[Table, tuple[str, ...]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many seats and tables somebody has to look at."""
        return len(self.seats) + len(self.tables)


def of_series(session: Session, series: Series, settings: Settings, now: datetime) -> Misfits:
    """What no longer fits in the plan that counts, without what was published so on purpose."""
    plan = plan_of(session, series)
    if plan is None:
        return Misfits()
    evenings = sessions_of(session, series)
    board = _ahead(published(session, series), evenings, now)
    if not board.groups:
        return Misfits()
    people = concerned(session, [int(person) for group in board.groups for person in group.people])
    return _held(session, series, plan, board, people, evenings, settings)


def of_person(session: Session, signup: Signup, settings: Settings, now: datetime) -> Mapping[Table, tuple[str, ...]]:
    """The tables of one person where their own seat no longer fits, and which rules say so."""
    plan = plan_of(session, signup.series)
    if plan is None or signup.state != SignupState.IN:
        return {}
    evenings, up = sessions_of(session, signup.series), given_up(session, signup.series_id)
    tables = groups_of(session, signup.series_id)
    mine = [table for table in tables if any(seat.signup_id == signup.id for seat in table.seats)]
    board = _ahead(_kept(board_of(mine), up), evenings, now)
    people = [signup, *_buddies(session, signup)]
    held = _held(session, signup.series, plan, board, people, evenings, settings)
    return {(evening, number): rules for (who, evening, number), rules in held.seats.items() if who == signup.id}


def wishing(session: Session, series: Series, now: datetime) -> list[tuple[Signup, Table | None]]:
    """Who asks for another table, each with the tables that are ahead where they sit; None for who sits nowhere.

    Who asked about a table that is over asks nothing any more.
    """
    asks = Signup.series_id == series.id, Signup.other_wish, Signup.state != SignupState.LEFT
    asking = session.scalars(
        select(Signup).where(*asks).order_by(Signup.number).options(*map(defer, sealed_except("name")))
    ).all()
    if not asking:
        return []
    ahead, up = {row.id for row in series.ahead(now)}, given_up(session, series.id)
    sits: dict[int, list[Table]] = defaultdict(list)
    theirs = seats_of(series.id).where(Chair.signup_id.in_(select(Signup.id).where(*asks)))
    for signup, evening, number in session.execute(theirs.order_by(PlanGroup.session_id, PlanGroup.number)):
        if (signup, evening) not in up:
            sits[signup].append((evening, number))
    found: list[tuple[Signup, Table | None]] = []
    for one in asking:
        found += [(one, table) for table in sits[one.id] if table[0] in ahead]
        found += [] if sits[one.id] else [(one, None)]
    return found


def is_stranded(series: Series, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Of a sign-up: that it did not leave, sits at no table that stands, and can come at no time that is ahead."""
    ahead = [row.id for row in series.ahead(now)]
    later = Signup.availability.any(Availability.session_id.in_(ahead))
    return Signup.series_id == series.id, Signup.state != SignupState.LEFT, ~later, ~has_seat(series.id)


def _ahead(board: Board, evenings: Iterable[TimeSlot], now: datetime) -> Board:
    """The tables of sessions that are not over."""
    still = {str(row.id) for row in evenings if any(date.ends > now for date in row.dates)}
    return replace(board, groups=tuple(group for group in board.groups if group.session in still))


def _kept(board: Board, up: frozenset[tuple[int, int]]) -> Board:
    groups = (replace(g, people=tuple(p for p in g.people if (int(p), int(g.session)) not in up)) for g in board.groups)
    return replace(board, groups=tuple(groups))


def _buddies(session: Session, signup: Signup) -> Iterator[Signup]:
    for id in sorted(company.bound(session, signup.series_id).get(signup.id, ())):
        buddy = session.get_one(Signup, id)
        if buddy.state != SignupState.LEFT:
            yield buddy


def _held(
    session: Session,
    series: Series,
    plan: Published,
    board: Board,
    people: Sequence[Signup],
    evenings: Sequence[TimeSlot],
    settings: Settings,
) -> Misfits:
    problem = composed(session, series, people, evenings, settings, None)
    within = board.within(problem).plan()
    up = given_up(session, series.id)
    seats: dict[Seat, set[str]] = defaultdict(set)
    tables: dict[Table, set[str]] = defaultdict(set)
    for seat in _untimely(board, people):
        seats[seat].add(TIME)
    tells = series.project.sees_bubbles
    mute = {(group.session, group.number) for group in within.groups if not group.language}
    for breach in _new(breaches(problem, within), plan):
        if not may_show(breach.rule, tells):
            continue
        if breach.rule == LANGUAGE and (breach.session, breach.group) in mute:
            continue  # Nobody was told of a language there.
        found = list(_seats_of(breach, within, problem, up)) if breach.rule in OF_A_SEAT else []
        for seat in found:
            seats[seat].add(breach.rule)
        if not found and breach.rule not in (TIME, BUDDIES):
            for table in _tables_of(breach, within):
                tables[table].add(breach.rule)
    for group in board.groups:
        if _leaderless(group, problem):
            tables[int(group.session), group.number].add(LEADER)
    return Misfits(_sorted(seats), _sorted(tables))


def _sorted(found: Mapping[Any, set[str]]) -> dict[Any, tuple[str, ...]]:
    return {where: tuple(sorted(found[where])) for where in sorted(found)}


def _untimely(board: Board, people: Iterable[Signup]) -> Iterator[Seat]:
    """Seats at a time that its person did not choose; who chose no time at all any more is not in the problem."""
    chose = {str(signup.id): {one.session_id for one in signup.availability} for signup in people}
    for group in board.groups:
        for person in group.people:
            if person in chose and int(group.session) not in chose[person]:
                yield int(person), int(group.session), group.number


def _new(found: Iterable[Breach], plan: Published) -> Iterator[Breach]:
    """Firm breaches that came after publication. That a table became too small is counted elsewhere."""
    accepted: dict[tuple[str, object, object], float] = {}
    for one in plan.breaches or ():
        if one["firm"]:
            where = one["rule"], one.get("session"), one.get("group")
            accepted[where] = accepted.get(where, 0) + one["amount"]
    for breach in found:
        # Plans of an earlier version do not say where.
        known = accepted.get((breach.rule, breach.session, breach.group), accepted.get((breach.rule, None, None), 0))
        if breach.firm and breach.amount > known and not (breach.rule == SIZE and _too_few(breach)):
            yield breach


def _too_few(breach: Breach) -> bool:
    values = dict(breach.message.values)
    return int(str(values["n"])) < int(str(values["low"]))


def _seats_of(breach: Breach, plan: Plan, problem: Problem, up: frozenset[tuple[int, int]]) -> Iterator[Seat]:
    """Whose seats a breach is about; none where that is nobody in particular."""
    spoken = {person.id: person.languages for person in problem.people}
    buddies = {person.id: person.buddies for person in problem.people}
    for group in plan.groups:
        for person in group.people:
            match breach.rule:
                case "shared_language":
                    here = (group.session, group.number) == (breach.session, breach.group)
                    mine = here and group.language not in spoken[person]
                case "buddies":
                    mine = person in breach.people and _misses(buddies[person], group, up)
                case _:
                    mine = person in breach.people and breach.session in ("", group.session)
            if mine:
                yield int(person), int(group.session), group.number


def _tables_of(breach: Breach, plan: Plan) -> list[Table]:
    """Which tables a breach is about; of people who may not sit together where they do, without whose wish it is."""
    shared = [group for group in plan.groups if set(breach.people) <= set(group.people)]
    if breach.rule == APART and shared:
        return [(int(group.session), group.number) for group in shared]
    return [(int(breach.session or 0), breach.group)]


def _misses(buddies: Iterable[str], group: Group, up: frozenset[tuple[int, int]]) -> bool:
    """Whether a buddy of somebody sits elsewhere; who said that they do not come is not missed."""
    return any(one not in group.people and (int(one), int(group.session)) not in up for one in buddies)


def _leaderless(group: Group, problem: Problem) -> bool:
    """Whether who would lead a table does not lead any more, or cannot come then."""
    able = {leader.id: leader.sessions for leader in problem.facilitators}
    return bool(group.facilitator) and group.session not in able.get(group.facilitator, frozenset())
