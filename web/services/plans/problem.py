"""From rows to the matcher's problem: names and contact data stay behind here, only opaque ids go on (promise 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import combinations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

import matcher
from config import Settings
from matcher import Facilitator, Format, Participant, Problem
from matcher.rules.orientation import Orientation
from web import rows
from web.crypto import Vault
from web.rows.people import SignupState, sealed_except
from web.services.plans import company, queue
from web.services.plans.current import given_up

ORIENTATION, APART = "orientation", "apart"


def taking_part(session: Session, series: rows.Series) -> Sequence[rows.Signup]:
    """Everybody whom new groups are made of, with their times, in order of arrival."""
    return _with_times(session, rows.Signup.id.in_(queue.candidates(session, series)))


def coming_or_waiting(session: Session, series: rows.Series) -> Sequence[rows.Signup]:
    """Everybody who did not leave, with their times, in order of arrival."""
    return _with_times(session, rows.Signup.series_id == series.id, rows.Signup.state != SignupState.LEFT)


def concerned(session: Session, ids: Collection[int]) -> Sequence[rows.Signup]:
    """Those of these people who did not leave and who comes with them, with their times, in order of arrival."""
    mine = select(rows.Signup.buddy_id).where(rows.Signup.id.in_(ids))
    who = rows.Signup.id.in_(ids) | rows.Signup.id.in_(mine) | rows.Signup.buddy_id.in_(ids)
    return _with_times(session, who, rows.Signup.state != SignupState.LEFT, names=False)


def _with_times(session: Session, *which: ColumnElement[bool], names: bool = True) -> Sequence[rows.Signup]:
    needed = ("languages", "needs", "interests", "bubbles", *(["name"] if names else []))
    return session.scalars(
        select(rows.Signup)
        .where(*which)
        .options(
            selectinload(rows.Signup.availability),
            selectinload(rows.Signup.consents),
            # Sealed, and nothing that composing groups needs to open.
            *(defer(column) for column in sealed_except(*needed)),
        )
        .order_by(rows.Signup.number)
    ).all()


def problem_of(session: Session, series: rows.Series, settings: Settings, vault: Vault) -> Problem:
    """The problem of a series as it stands now, without locks: those are of a board."""
    return composed(session, series, taking_part(session, series), sessions_of(session, series), settings, vault)


def still_ahead(problem: Problem, now: datetime) -> Problem:
    """What is left to compose: without sessions whose every date began, and without who could only come then.

    Where everything is behind us, as it was.
    """
    ahead = frozenset(s.id for s in problem.sessions if any(start > now for start in s.starts))
    if len(ahead) in (0, len(problem.sessions)):
        return problem
    people = (replace(p, sessions=p.sessions & ahead, prefers=ahead.intersection(p.prefers)) for p in problem.people)
    leaders = (replace(f, sessions=f.sessions & ahead) for f in problem.facilitators)
    return replace(
        problem,
        people=tuple(person for person in people if person.sessions),
        sessions=tuple(session for session in problem.sessions if session.id in ahead),
        facilitators=tuple(leader for leader in leaders if leader.sessions),
    )


def composed(
    session: Session,
    series: rows.Series,
    people: Sequence[rows.Signup],
    sessions: Sequence[rows.TimeSlot],
    settings: Settings,
    vault: Vault | None,
) -> Problem:
    """The problem of people and sessions that were fetched already; without a vault as if nobody had met before."""
    buddies, away = _company(company.bound(session, series.id).items(), people), _away(session, series, people)
    up = given_up(session, series.id)
    known = {row.id for row in sessions}
    able = {
        p.id: frozenset(
            str(a.session_id) for a in p.availability if a.session_id in known and (p.id, a.session_id) not in up
        )
        for p in people
    }
    return Problem(
        people=tuple(_participant(p, able[p.id], settings, buddies[p.id], away[p.id]) for p in people if able[p.id]),
        sessions=tuple(_session(row) for row in sessions),
        format=_format(series, settings),
        facilitators=tuple(_facilitators(sessions)),
        met=_met(session, series, people, vault) if vault else {},
    )


def _company(with_whom: Iterable[tuple[int, Iterable[int]]], people: Sequence[rows.Signup]) -> dict[int, set[str]]:
    """For each of these people whom of them it is about."""
    found: dict[int, set[str]] = {person.id: set() for person in people}
    for one, others in with_whom:
        if one in found:
            found[one] |= {str(other) for other in others if other in found}
    return found


def _away(session: Session, series: rows.Series, people: Sequence[rows.Signup]) -> dict[int, set[str]]:
    """Whom they may not sit with, from both sides, so that nobody can see which of the two said so."""
    pairs = company.apart(session, series.id)
    return _company(((one, (other,)) for two in pairs for one, other in (two, two[::-1])), people)


def _participant(
    signup: rows.Signup, sessions: frozenset[str], settings: Settings, buddies: Iterable[str], away: Iterable[str]
) -> Participant:
    firm = {need.key for need in settings.needs if need.matching}
    return Participant(
        id=str(signup.id),
        bubbles={key: frozenset(told) for key, told in signup.usable_bubbles.items()},
        sessions=sessions,
        prefers=frozenset(str(a.session_id) for a in signup.availability if a.prefers) & sessions,
        languages=frozenset(signup.languages or ["nl"]),
        needs=frozenset(signup.needs or ()) & firm,
        interests=frozenset(signup.interests or ()),
        buddies=frozenset(buddies),
        apart=frozenset(away),
        recruited_by="" if signup.key_contact_id is None else str(signup.key_contact_id),
        priority=signup.priority,
    )


def sessions_of(session: Session, series: rows.Series) -> Sequence[rows.TimeSlot]:
    """The sessions of a series that take place, with everything about them."""
    return session.scalars(
        select(rows.TimeSlot)
        .join(rows.Round)
        .where(
            rows.Round.series_id == series.id,
            rows.TimeSlot.gatherings.any(rows.Gathering.called_off_at.is_(None)),
        )
        .options(
            joinedload(rows.TimeSlot.round),
            joinedload(rows.TimeSlot.venue),
            selectinload(rows.TimeSlot.gatherings),
            selectinload(rows.TimeSlot.facilitators),
        )
        .order_by(rows.Round.number, rows.TimeSlot.id)
    ).all()


def _session(row: rows.TimeSlot) -> matcher.Session:
    return matcher.Session(
        id=str(row.id),
        groups=row.groups,
        round=row.round.number,
        starts=tuple(g.starts for g in row.dates),
        ends=tuple(g.ends for g in row.dates),
        venue=str(row.venue_id or ""),
        mode=row.mode,
        seats=row.seats,
        access=frozenset(row.venue.access if row.venue else ()),
    )


def _facilitators(sessions: Sequence[rows.TimeSlot]) -> Iterable[Facilitator]:
    able = {f.id: f for row in sessions for f in row.facilitators if f.active}
    for id, found in sorted(able.items()):
        yield Facilitator(
            id=str(id),
            sessions=frozenset(str(row.id) for row in sessions if found in row.facilitators),
            languages=frozenset(found.languages),
            skills=frozenset(found.skills),
            max_groups=found.max_groups,
        )


def _format(series: rows.Series, settings: Settings) -> Format:
    """The recipe; a project that has just begun starts small (P10); rounds are those of the series."""
    format = settings.formats[series.format].format
    # Implied, and then firm: no format makes it a wish that somebody would rather not sit with another (promise 23).
    format = replace(format, rules=tuple(rule for rule in format.rules if rule.name != APART))
    if format.series == "rounds":
        format = replace(format, rounds=len(series.rounds))
    if series.project.state == ORIENTATION:
        small = settings.orientation
        rule = Orientation(firm=True, groups=small.groups, people=small.people)
        format = replace(format, rules=(*format.rules, rule))
    return format


def person_hash(signup: rows.Signup, vault: Vault) -> str:
    """Somebody across series: by how they can be reached, or by name and worker if by nothing else."""
    return vault.fingerprint("met", signup.email_hash or signup.phone_hash or signup.name_hash)


def _met(
    session: Session, series: rows.Series, people: Sequence[rows.Signup], vault: Vault
) -> dict[tuple[str, str], int]:
    stored = session.execute(
        select(rows.Met.a_hash, rows.Met.b_hash, rows.Met.times).where(rows.Met.project_id == series.project_id)
    ).all()
    if not stored:
        return {}
    times: Counter[tuple[str, str]] = Counter()
    for a, b, count in stored:
        times[a, b] += count
    hashes = {str(p.id): person_hash(p, vault) for p in people}
    found = {}
    for a, b in combinations(sorted(hashes), 2):
        x, y = sorted((hashes[a], hashes[b]))
        if times[x, y]:
            found[a, b] = times[x, y]
    return found
