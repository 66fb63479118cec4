"""Every change that frees or takes a place ends here: who waits moves up, and states agree with the plan.

Before groups are published a free place is given, in order, with a letter. Once there is a plan nobody is placed
unasked: who has no seat waits, and `groups.offers` asks them. The table of states is in docs/web.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.letters.joining import confirmation, moved_up
from web.rows import Availability, DueLetter, Offer, PlanGroup, Series, Signup
from web.rows.invitations import OfferState
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.services import outbox
from web.services.plans import capacity, current, queue
from web.services.waiting.withdraw_offers import say_withdrawn, withdraw_offers


def must_wait(session: Session, series: Series, planned: bool | None = None, waits: bool | None = None) -> bool:
    """Whether who signs up now comes on the waiting list: there are groups, somebody waits, or all places are taken.

    `planned` and `waits`: whether there are groups, and whether somebody waits, where that is known.
    """
    if planned is None:
        planned = current.plan_of(session, series) is not None
    if planned or (how_many(session, series) if waits is None else waits):
        return True
    left = capacity.left(session, series)
    return left is not None and left <= 0


def places_left(session: Session, series: Series) -> int | None:
    """How many can still sign up and take part: 0 where who comes now must wait, None without a limit."""
    return 0 if must_wait(session, series) else capacity.left(session, series)


def settle(session: Session, series: Series, now: datetime) -> bool:
    """Let states follow from what was just changed, as a part of its transaction and under the lock of the series.

    Whether anything was not right yet.
    """
    session.flush()
    planned = current.plan_of(session, series) is not None
    changed = _agree_with_plan(session, series, now) if planned else _move_up(session, series, now)
    session.flush()
    return changed


def how_many(session: Session, series: Series) -> int:
    """How many people wait."""
    waits = select(func.count(Signup.id)).where(Signup.series_id == series.id, Signup.state == SignupState.WAITING)
    return session.scalar(waits) or 0


def _move_up(session: Session, series: Series, now: datetime) -> bool:
    """Give places that are free to who waits, in order; each of them hears so."""
    who_waits = queue.waiting(session, series)
    if not who_waits:  # as after nearly every sign-up; what follows looks at everybody in the series
        return False
    able = _able(session, series, now)
    could = (party for party in who_waits if able.issuperset(map(int, party.people)))
    found = queue.fitting(could, capacity.left(session, series))
    for person in (person for party in found for person in party.people):
        _say_so(session, _to(session, int(person), SignupState.IN, now), now)
    return bool(found)


def _able(session: Session, series: Series, now: datetime) -> frozenset[int]:
    """Who can come at a time that is ahead."""
    ahead = [row.id for row in series.ahead(now)]
    found = select(Availability.signup_id).where(Availability.session_id.in_(ahead))
    return frozenset(session.scalars(found))


def _say_so(session: Session, signup: Signup, now: datetime) -> None:
    """A letter, unless one that says so did not go out yet: a confirmation says how things are when it does."""
    due = DueLetter.state == LetterState.DUE, DueLetter.kind.in_((confirmation.name, moved_up.name))
    if session.scalar(select(DueLetter.id).where(DueLetter.signup_id == signup.id, *due)) is None:
        # The number of arrival is another one after leaving and coming back: that is another turn.
        outbox.put(session, moved_up, signup, signup, key=f"moved up:{signup.id}:{signup.number}", now=now)


def _agree_with_plan(session: Session, series: Series, now: datetime) -> bool:
    """Who takes part without a seat waits; who waits and has one takes part, as far as there is capacity."""
    groups, up = current.groups_of(session, series.id), current.given_up(session, series.id)
    seats = ((seat.signup_id, group.session_id) for group in groups for seat in group.seats)
    seated = {seat[0] for seat in seats if seat not in up}
    twice = _take_back_offers(session, series, groups, up, now)
    kept = seated | capacity.gave_back(session, series.id)
    lost = [id for id, _rank in _of(session, series, SignupState.IN) if id not in kept]
    for id in lost:
        _to(session, id, SignupState.WAITING, now)
    left = capacity.left(session, series)
    back = [(rank, id) for id, rank in _of(session, series, SignupState.WAITING) if id in seated]
    for _rank, id in sorted(back):
        if left is None or left > 0:
            _to(session, id, SignupState.IN, now)
            left = None if left is None else left - 1
        else:
            _give_up_seats(groups, id)
    return bool(twice or lost or back)


def _take_back_offers(
    session: Session, series: Series, groups: Sequence[PlanGroup], up: frozenset[tuple[int, int]], now: datetime
) -> bool:
    """Who has a seat is asked for no other in the same round: their date takes place after all."""
    rounds = {row.id: row.round_id for row in series.sessions}
    sits = {
        (seat.signup_id, rounds.get(group.session_id))
        for group in groups
        for seat in group.seats
        if (seat.signup_id, group.session_id) not in up
    }
    asked = session.scalars(select(Offer).where(Offer.series_id == series.id, Offer.state == OfferState.OPEN)).all()
    both = [offer.id for offer in asked if (offer.signup_id, rounds.get(offer.session_id)) in sits]
    if both:
        say_withdrawn(session, withdraw_offers(session, now, Offer.id.in_(both)), now)
    return bool(both)


def _to(session: Session, id: int, state: SignupState, now: datetime) -> Signup:
    signup = session.get_one(Signup, id)
    signup.state, signup.changed_at = state, now
    return signup


def _of(session: Session, series: Series, state: SignupState) -> list[tuple[int, queue.Rank]]:
    """Who is in this state, and their rank; without opening what is sealed in thousands of rows."""
    mine = select(Signup.id, Signup.priority, Signup.number).where(Signup.series_id == series.id, Signup.state == state)
    return [(id, queue.rank_of(priority, number)) for id, priority, number in session.execute(mine)]


def _give_up_seats(groups: Iterable[PlanGroup], id: int) -> None:
    """Their date was called off, others took their place in the series, and now it takes place after all."""
    for group in groups:
        group.seats = [seat for seat in group.seats if seat.signup_id != id]
