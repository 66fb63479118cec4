"""What offers are made from: the plan as it stands, its free places, who was asked, and who waits in which order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from matcher import Plan, Problem
from matcher.tables.hashes import input_sha256
from web.crypto import Vault, hashed
from web.rows import Offer, Series, Signup
from web.rows.invitations import OfferState
from web.rows.people import SignupState
from web.services.groups.publishing import published
from web.services.plans import capacity, current, queue
from web.services.plans.problem import coming_or_waiting, composed, sessions_of
from web.services.plans.queue import WaitingParty

_NOT_AGAIN = (OfferState.DECLINED, OfferState.EXPIRED, OfferState.RELEASED)
Place = tuple[str, int]
"""A table in the words of the matcher: session and number."""


@dataclass(frozen=True, slots=True)
class Situation:
    """One series at one moment, under opaque ids.

    `free` are places to offer, `asked` the parties that think about one, `waiting` by round who could be asked, in
    order, and `refused` what somebody said no to, or nothing. `newcomers` hold no place in the series yet: as many of
    them may be asked as `left` says, however many chairs are free.
    """

    problem: Problem
    plan: Plan
    free: Mapping[Place, int]
    asked: Mapping[Place, Sequence[tuple[str, ...]]]
    waiting: Mapping[int, Sequence[WaitingParty]]
    refused: frozenset[tuple[str, Place]]
    newcomers: frozenset[str]
    left: int | None

    @property
    def mark(self) -> str:
        """Equal as long as nothing changed that could change who is asked."""
        rest = self.plan, sorted(self.free.items()), sorted(self.asked.items()), sorted(self.refused), self.left
        return hashed(input_sha256(self.problem) + repr((rest, sorted(self.waiting.items()))))


def situation_of(session: Session, series: Series, settings: Settings, vault: Vault) -> Situation | None:
    """How a series stands; None when there is nothing to offer, or nobody to offer it to."""
    free = {(str(s), n): count for (s, n), count in current.free(session, series, settings).items() if count}
    if not free or not _anybody(session, series):
        return None
    evenings = sessions_of(session, series)
    rounds = {row.id: row.round.number for row in evenings}
    signups, seated = coming_or_waiting(session, series), _seated(session, series, rounds)
    back = capacity.gave_back(session, series.id)
    # They are looked at only for the chair that is still in the plan.
    quiet = {one.id for one in signups if one.id in back and one.state == SignupState.IN}
    offers = session.scalars(select(Offer).where(Offer.series_id == series.id).order_by(Offer.id)).all()
    thinking = {offer.signup_id for offer in offers if offer.state == OfferState.OPEN}
    waiting = {number: _without(number, signups, seated, thinking | quiet) for number in sorted(set(rounds.values()))}
    board = published(session, series)
    # Who gave up the only chair they had holds up no buddy.
    there = board.plan().placed() | {str(s.id) for found in waiting.values() for s in found} | set(map(str, thinking))
    problem = composed(session, series, [s for s in signups if str(s.id) in there], evenings, settings, vault)
    return Situation(
        problem=problem,
        plan=board.within(problem).plan(),
        free=free,
        asked=_asked(offers),
        waiting={number: _in_order(found, problem) for number, found in waiting.items()},
        refused=frozenset(
            (str(o.signup_id), _place(o))
            for o in offers
            if o.state in (OfferState.DECLINED, OfferState.EXPIRED, OfferState.RELEASED)
        ),
        newcomers=frozenset(str(one.id) for one in signups if one.state == SignupState.WAITING or one.id in back),
        left=capacity.left(session, series),
    )


def _anybody(session: Session, series: Series) -> bool:
    """Whether it is worth looking: somebody takes part who has a seat nowhere, or there are more rounds."""
    sits = {seat.signup_id for group in current.groups_of(session, series.id) for seat in group.seats}
    ids = session.scalars(
        select(Signup.id).where(Signup.series_id == series.id, Signup.state.in_((SignupState.IN, SignupState.WAITING)))
    )
    return len(series.rounds) > 1 or bool(set(ids) - sits)


def _seated(session: Session, series: Series, rounds: Mapping[int, int]) -> Mapping[int, set[int]]:
    """By round who has a seat in it, also one that they gave up: they do not wait there."""
    found: dict[int, set[int]] = defaultdict(set)
    for group in current.groups_of(session, series.id):
        found[rounds.get(group.session_id, 0)].update(seat.signup_id for seat in group.seats)
    return found


def _without(
    number: int, signups: Sequence[Signup], seated: Mapping[int, set[int]], thinking: set[int]
) -> list[Signup]:
    """Who has no seat in a round, and does not think about another place."""
    busy = seated.get(number, set()) | thinking
    return [signup for signup in signups if signup.id not in busy]


def _place(offer: Offer) -> Place:
    return str(offer.session_id), offer.number


def _asked(offers: Iterable[Offer]) -> dict[Place, list[tuple[str, ...]]]:
    together: dict[tuple[Place, str], list[str]] = defaultdict(list)
    for offer in offers:
        if offer.state == OfferState.OPEN:
            together[_place(offer), offer.party].append(str(offer.signup_id))
    found: dict[Place, list[tuple[str, ...]]] = defaultdict(list)
    for (place, _party), people in together.items():
        found[place].append(tuple(sorted(people)))
    return dict(found)


def _in_order(signups: Sequence[Signup], problem: Problem) -> tuple[WaitingParty, ...]:
    """Those who could come, as parties, in the order of the waiting list."""
    able: dict[str, Collection[str]] = {person.id: person.buddies for person in problem.people}
    ranks = {str(one.id): queue.rank_of(one.priority, one.number) for one in signups if str(one.id) in able}
    return queue.parties(ranks, able)
