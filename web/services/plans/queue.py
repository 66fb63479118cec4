"""The order of the waiting list: who was left out before, then who came first; buddies as one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.rows import Series, Signup
from web.rows.people import SignupState
from web.services.plans import capacity, company

Rank = tuple[int, int]
"""Lower is earlier: minus how often somebody was left out before (P29), and their number of arrival."""


@dataclass(frozen=True, slots=True)
class WaitingParty:
    """Who comes together: one person, or buddies; by id, the earliest first. `rank` is that of the earliest."""

    people: tuple[str, ...]
    rank: Rank


def parties(ranks: Mapping[str, Rank], buddies: Mapping[str, Collection[str]]) -> tuple[WaitingParty, ...]:
    """Those who come together as one, the earliest first. Buddies without a rank do not wait, and hold up nobody."""
    found, seen = [], set[str]()
    for person in ranks:
        if person not in seen:
            together = _together(person, ranks, buddies)
            seen |= together
            found.append(
                WaitingParty(tuple(sorted(together, key=ranks.__getitem__)), min(ranks[one] for one in together))
            )
    return tuple(sorted(found, key=lambda party: (party.rank, party.people)))


def _together(person: str, ranks: Mapping[str, Rank], buddies: Mapping[str, Collection[str]]) -> set[str]:
    found, todo = set[str](), [person]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += (buddy for buddy in buddies.get(one, ()) if buddy in ranks)
    return found


def waiting(session: Session, series: Series) -> tuple[WaitingParty, ...]:
    """The waiting list of a series in order."""
    rows = session.execute(
        select(Signup.id, Signup.priority, Signup.number).where(
            Signup.series_id == series.id, Signup.state == SignupState.WAITING
        )
    ).all()
    ranks = {str(id): rank_of(priority, number) for id, priority, number in rows}
    together = company.bound(session, series.id) if ranks else {}
    return parties(ranks, {str(one): set(map(str, buddies)) for one, buddies in together.items()})


def rank_of(priority: int, number: int) -> Rank:
    """The rank of somebody who was left out `priority` times before, and came as `number`."""
    return -priority, number


def fitting(queue: Iterable[WaitingParty], places: int | None) -> list[WaitingParty]:
    """Who may take part with so many places left, in order; buddies for whom there are too few let others go first."""
    if places is None:
        return list(queue)
    found = []
    for party in queue:
        if len(party.people) <= places:
            found.append(party)
            places -= len(party.people)
    return found


def in_order(session: Session, series: Series) -> list[int]:
    """Everybody on the waiting list in the order of `waiting`, by id: fast for lists of many thousands."""
    waiting_now = Signup.series_id == series.id, Signup.state == SignupState.WAITING
    rows = session.scalars(select(Signup.id).where(*waiting_now).order_by(Signup.priority.desc(), Signup.number)).all()
    together = company.bound(session, series.id) if rows else {}
    ranks = {str(id): (0, place) for place, id in enumerate(rows)}
    buddies = {str(one): set(map(str, others)) for one, others in together.items()}
    found = dict[str, None]()
    for id in ranks:
        if id in buddies and id not in found:
            found |= dict.fromkeys(sorted(_together(id, ranks, buddies), key=ranks.__getitem__))
        found[id] = None
    return list(map(int, found))


def place_of(session: Session, signup: Signup) -> int:
    """Which place somebody has on the waiting list, counted from 1; 0 for who is not on it."""
    return in_order(session, signup.series).index(signup.id) + 1 if signup.state == SignupState.WAITING else 0


def candidates(session: Session, series: Series) -> Sequence[int]:
    """Whom new groups are made of: who holds a place, and who waits as far as there is capacity."""
    mine = select(Signup.id).where(Signup.series_id == series.id, Signup.state == SignupState.IN)
    holding = sorted(set(session.scalars(mine)) - capacity.gave_back(session, series.id))
    more = fitting(waiting(session, series), capacity.left(session, series))
    return [*holding, *(int(person) for party in more for person in party.people)]
