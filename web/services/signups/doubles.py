"""Likely doubles: one person twice in a series, shown to the organiser and never merged without a press of a button.

The same name with the same address or number. A household that shares an address has several names, and is none.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select, tuple_, update
from sqlalchemy.orm import Session, defer

from web.crypto import Vault, hashed, new_secret
from web.errors import N_, Mishap
from web.rows import Invitation, Series, Signup, Staff
from web.rows.people import SignupState, sealed_except
from web.services import audit
from web.services.invitations import reconciling
from web.services.locks import lock_series
from web.services.plans import capacity, current
from web.services.signups import buddies
from web.services.signups.answers import told_by
from web.services.signups.change import change, leave
from web.services.signups.register import free_code


class NoDouble(Mishap):
    """Somebody changed or left meanwhile."""

    status = 409
    sentence = N_("Deze aanmelding is niet meer dubbel. Er is niets veranderd.")


@dataclass(frozen=True, slots=True)
class Double:
    """The sign-ups of what is likely one person, in order of arrival."""

    signups: tuple[Signup, ...]

    @property
    def last(self) -> Signup:
        """Whose answers are the newest."""
        return self.signups[-1]


def likely(session: Session, series: Series) -> list[Double]:
    """Everybody in a series who is likely there more than once."""
    here = Signup.series_id == series.id, Signup.state != SignupState.LEFT
    ways = ((Signup.name_hash, Signup.email_hash), (Signup.name_hash, Signup.phone_hash))
    twice = (
        tuple_(*way).in_(select(*way).where(*here, way[1].is_not(None)).group_by(*way).having(func.count() > 1))
        for way in ways
    )
    closed = map(defer, sealed_except("name"))
    return _among(session, select(Signup).where(*here, or_(*twice)).options(*closed))


def of(session: Session, signup: Signup) -> Double | None:
    """The likely double that a sign-up is part of."""
    return _with(session, signup.series_id, signup.name_hash, signup.id)


def _with(session: Session, series_id: int, name_hash: str, id: int) -> Double | None:
    here = Signup.series_id == series_id, Signup.name_hash == name_hash, Signup.state != SignupState.LEFT
    found = _among(session, select(Signup).where(*here))
    return next((double for double in found if any(one.id == id for one in double.signups)), None)


def _among(session: Session, wanted: Select[Signup]) -> list[Double]:
    people = session.scalars(wanted.order_by(Signup.created_at, Signup.id)).all()
    marks: dict[tuple[str, str], list[Signup]] = defaultdict(list)
    for signup in people:
        for way in filter(None, (signup.email_hash, signup.phone_hash)):
            marks[signup.name_hash, way].append(signup)
    # One may share an address with the second and a number with the third.
    groups = {one.id: {one.id} for one in people}
    for same in marks.values():
        joined = set[int]().union(*(groups[one.id] for one in same))
        groups |= dict.fromkeys(joined, joined)
    found = {frozenset(group) for group in groups.values() if len(group) > 1}
    doubles = [Double(tuple(one for one in people if one.id in group)) for group in found]
    return sorted(doubles, key=lambda double: double.last.number)


def keep_last(session: Session, signup: Signup, *, by: Staff, now: datetime, vault: Vault) -> Signup:
    """One sign-up of all of a likely double: the newest answers, on the best place that any of them had.

    Who has a table stays there. The code and link of the newest hold; the link of the one that stays works too. Raises
    NoDouble.
    """
    series, wanted = signup.series, (signup.series_id, signup.name_hash, signup.id)
    lock_series(session, series.id)
    # As it is now: somebody else may have pressed before.
    session.expire_all()
    double = _with(session, *wanted)
    if double is None:
        raise NoDouble
    kept, newest = _on_the_best_place(session, series, double), double.last
    audit.note(session, kept, "keep last signup", by=by, now=now)
    _take_together(session, kept, double)
    _take_seats(session, series, kept, double)
    if newest is not kept:
        change(session, kept, told_by(newest), now=now, channel=newest.channel, vault=vault)
    code, secret = newest.code, newest.secret_hash
    pending = newest.next_secret_hash or kept.next_secret_hash
    for other in double.signups:
        if other is not kept:
            _end(session, other, kept, now)
    if newest is not kept:
        # A link that was asked for and not used yet goes before the older one: that was lost.
        kept.code, kept.secret_hash, kept.next_secret_hash = code, secret, pending or kept.secret_hash
    session.flush()
    reconciling.reconcile(session, series, now, who=(kept.id,))
    return kept


def _on_the_best_place(session: Session, series: Series, double: Double) -> Signup:
    """Who has a table, or else who takes part, or else who came first; a table that they gave up is none."""
    up = current.given_up(session, series.id)
    groups = current.groups_of(session, series.id)
    seats = ((seat.signup_id, group.session_id) for group in groups for seat in group.seats)
    seated = {seat[0] for seat in seats if seat not in up}
    first = min(
        double.signups, key=lambda one: (not capacity.holds(session, one), one.state == SignupState.IN, one.number)
    )
    return next((one for one in double.signups if one.id in seated), first)


def _take_seats(session: Session, series: Series, kept: Signup, double: Double) -> None:
    """The tables of the others, in rounds in which the one that stays has none."""
    rounds, up = {row.id: row.round_id for row in series.sessions}, current.given_up(session, series.id)
    groups = current.groups_of(session, series.id)
    sits = {rounds.get(group.session_id) for group in groups for seat in group.seats if seat.signup_id == kept.id}
    others = {one.id for one in double.signups} - {kept.id}
    for group in groups:
        for seat in group.seats:
            live = seat.signup_id in others and (seat.signup_id, group.session_id) not in up
            if live and rounds.get(group.session_id) not in sits:
                seat.signup_id = kept.id
                sits.add(rounds.get(group.session_id))


def _take_together(session: Session, kept: Signup, double: Double) -> None:
    """What holds for somebody however often they signed up."""
    kept.number = min(one.number for one in double.signups)
    kept.priority = max(one.priority for one in double.signups)
    kept.quiet = any(one.quiet for one in double.signups)
    if any(capacity.holds(session, one) for one in double.signups):
        kept.state = SignupState.IN


def _end(session: Session, other: Signup, kept: Signup, now: datetime) -> None:
    """Take a sign-up away; one that was invited stays as one that left, for its calendar has to hear that."""
    leave(session, other, now=now)
    session.execute(update(Signup).where(Signup.buddy_id == other.id, Signup.id != kept.id).values(buddy_id=kept.id))
    if kept.buddy_id == other.id:
        kept.buddy_id = None
    session.flush()
    buddies.carry_over(session, other, kept)
    if session.scalar(select(Invitation.id).where(Invitation.signup_id == other.id).limit(1)) is None:
        session.delete(other)
    else:
        other.code, other.secret_hash = free_code(session, other.series_id), hashed(new_secret())
        other.next_secret_hash = None
    session.flush()
