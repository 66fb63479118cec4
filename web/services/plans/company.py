"""Who sits with whom because both want it, and who may not sit with whom because one of them would rather not.

Everything that makes, changes or judges tables asks here (promise 23): one of two who names the other binds nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from web.rows import PairWish, PlanGroup, Signup
from web.rows.people import Regard, SignupState

Pair = tuple[int, int]
"""Two people, the lower id first."""


def pair(one: int, other: int) -> Pair:
    """Two people as a pair."""
    return min(one, other), max(one, other)


def bound(session: Session, series_id: int) -> dict[int, set[int]]:
    """Who comes with whom, from both sides: they named each other, or who was named said yes.

    That somebody would rather not sit with another wins, also where a chain of buddies would bring them together.
    """
    told = select(Signup.id, Signup.buddy_id).where(Signup.series_id == series_id, Signup.buddy_id.is_not(None))
    named: dict[int, int] = {one: buddy for one, buddy in session.execute(told) if buddy is not None}
    said = _said(session, series_id) if named else {}
    both = {
        pair(one, buddy)
        for one, buddy in named.items()
        if named.get(buddy) == one or said.get((buddy, one)) == Regard.YES
    }
    return _without(both, _apart(said))


def apart(session: Session, series_id: int) -> frozenset[Pair]:
    """Who may not sit with whom, whichever of the two said so."""
    return _apart(_said(session, series_id))


def apart_from(session: Session, signup: Signup) -> frozenset[int]:
    """Whom one person may not sit with."""
    mine = or_(PairWish.signup_id == signup.id, PairWish.other_id == signup.id)
    wishes = session.scalars(select(PairWish).where(mine)).all()
    return frozenset({one for wish in wishes if wish.said == Regard.APART for one in (wish.signup_id, wish.other_id)})


def is_asked(session: Session, signup: Signup) -> bool:
    """Whether somebody named this person as buddy who got no answer yet."""
    said = select(PairWish.id).where(PairWish.signup_id == signup.id, PairWish.other_id == Signup.id)
    named = select(Signup.id).where(Signup.buddy_id == signup.id, Signup.state != SignupState.LEFT, ~said.exists())
    return session.scalar(named.where(Signup.id != (signup.buddy_id or 0)).limit(1)) is not None


def keeps_away(session: Session, signup: Signup, table: PlanGroup, up: Iterable[tuple[int, int]]) -> bool:
    """Whether somebody comes to a table whom this person may not sit with; `up` are seats that were given up."""
    away = apart_from(session, signup) - {signup.id}
    here = {seat.signup_id for seat in table.seats} & away
    left = select(Signup.id).where(Signup.id.in_(here), Signup.state == SignupState.LEFT)
    gone = {one for one, evening in up if evening == table.session_id}
    return bool(here - gone - set(session.scalars(left))) if here else False


def _said(session: Session, series_id: int) -> dict[Pair, str]:
    """By who says it and about whom."""
    wishes = session.scalars(select(PairWish).where(PairWish.series_id == series_id))
    return {(wish.signup_id, wish.other_id): wish.said for wish in wishes}


def _apart(said: Mapping[Pair, str]) -> frozenset[Pair]:
    return frozenset(pair(*two) for two, word in said.items() if word == Regard.APART)


def _without(pairs: Iterable[Pair], away: frozenset[Pair]) -> dict[int, set[int]]:
    """Pairs one by one, without those that would make a chain of two who may not sit together."""
    found: dict[int, set[int]] = {}
    chain: dict[int, frozenset[int]] = {}
    for one, other in sorted(pairs):
        mine, theirs = (chain.get(id, frozenset({id})) for id in (one, other))
        if not any(pair(a, b) in away for a in mine for b in theirs):
            chain |= dict.fromkeys(mine | theirs, mine | theirs)
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return found
