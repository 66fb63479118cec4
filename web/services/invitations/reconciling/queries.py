"""What the plan wants people to know, what they know, and what still lies here for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from web.identity import addresses
from web.letters import OF_A_PLACE
from web.rows import DueLetter, Gathering, Invitation, Round, Series, Signup, TimeSlot
from web.rows.invitations import InvitationState
from web.rows.messages import LetterState
from web.rows.people import SignupState, sealed_except
from web.services.outbox.event_facts import told
from web.services.plans import current

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Known:
    """Who knows a date by which UID: whose it is, the address of that person now, and where it was mailed before."""

    signup_id: int
    email_hash: str | None
    uid: str
    before: str | None


class Identities:
    """By which UIDs a date is known already: to this person, or to somebody with the same mailbox."""

    def __init__(self) -> None:
        self._used: dict[int, list[_Known]] = defaultdict(list)

    def add(self, gathering_id: int, signup_id: int, email_hash: str | None, uid: str, before: str | None) -> None:
        """Somebody knows a date by this UID; `before` is a mailbox that they have no more."""
        self._used[gathering_id].append(_Known(signup_id, email_hash, uid, before))

    def knows(self, gathering: Gathering, signup: Signup) -> bool:
        """Whether this person was invited to a date before."""
        return any(one.signup_id == signup.id for one in self._used[gathering.id])

    def clashes(self, invitation: Invitation, signup: Signup, address: str) -> bool:
        """Whether a mailbox knows the UID of this person's invitation already, from somebody else."""
        others = (one for one in self._used[invitation.gathering_id] if one.signup_id != signup.id)
        return invitation.uid in self._in(others, signup, address)

    def next(self, gathering: Gathering, signup: Signup, address: str) -> str:
        """That of the date, unless it was struck through once, or is in the same mailbox as somebody else's.

        What was cancelled does not come back in a calendar (rule 32), and two who share a mailbox answer apart.
        """
        known = self._used[gathering.id]
        mine = {one.uid for one in known if one.signup_id == signup.id} | self._in(known, signup, address)
        uid = gathering.uid
        free = next(u for u in (uid, *(f"{uid}-{k}" for k in range(2, len(mine) + 3))) if u not in mine)
        self.add(gathering.id, signup.id, signup.email_hash, free, None)
        return free

    def _in(self, known: Iterable[_Known], signup: Signup, address: str) -> set[str]:
        """The UIDs that a mailbox knows: of who has it now, and of who had it."""
        now = signup.email_hash
        return {
            one.uid
            for one in known
            if (now and one.email_hash == now) or (address and addresses.same(one.before, address))
        }


def wishes(session: Session, series: Series, now: datetime) -> dict[int, dict[int, Facts]]:
    """By sign-up and date that is still to come: what somebody with a seat should know."""
    dates = {
        row.id: [g for g in row.gatherings if g.called_off_at is None and g.ends > now]
        for row in session.scalars(
            select(TimeSlot)
            .join(Round, Round.id == TimeSlot.round_id)
            .where(Round.series_id == series.id)
            .options(joinedload(TimeSlot.venue), selectinload(TimeSlot.gatherings))
        )
    }
    gone = set(
        session.scalars(select(Signup.id).where(Signup.series_id == series.id, Signup.state == SignupState.LEFT))
    )
    found: dict[int, dict[int, Facts]] = defaultdict(dict)
    for group in current.groups_of(session, series.id):
        facts = {gathering.id: told(gathering, group) for gathering in dates.get(group.session_id, ())}
        for seat in group.seats:
            if seat.signup_id not in gone:
                found[seat.signup_id] |= facts
    return found


def invitations(session: Session, series: Series, now: datetime) -> dict[int, list[Invitation]]:
    """By sign-up the invitations that stand, for dates that are still to come, in order of time."""
    found: dict[int, list[Invitation]] = defaultdict(list)
    for invitation in session.scalars(
        select(Invitation)
        .join(Gathering, Gathering.id == Invitation.gathering_id)
        .where(Invitation.series_id == series.id, Invitation.state == InvitationState.ON, Gathering.ends > now)
        .options(joinedload(Invitation.gathering))
        .order_by(Gathering.starts, Invitation.id)
    ):
        found[invitation.signup_id].append(invitation)
    return found


def identities(session: Session, series: Series) -> Identities:
    """The UIDs of a series that are in use."""
    found = Identities()
    # A mailbox is sealed, and to open all of them would take longer than the rest.
    left = (Invitation.state == InvitationState.OFF) | (Signup.reach != "email")
    before = case((left, Invitation.mailbox)).label("before")
    for row in session.execute(
        select(Invitation.gathering_id, Invitation.signup_id, Signup.email_hash, Invitation.uid, before)
        .join(Signup, Signup.id == Invitation.signup_id)
        .where(Invitation.series_id == series.id)
    ):
        found.add(*row)
    return found


def letters_lying(session: Session, series: Series) -> dict[int, list[DueLetter]]:
    """Letters about places that did not go out yet; on some databases they are held until this is done."""
    query = select(DueLetter).where(
        DueLetter.series_id == series.id, DueLetter.kind.in_(OF_A_PLACE), DueLetter.state == LetterState.DUE
    )
    found: dict[int, list[DueLetter]] = defaultdict(list)
    for letter in session.scalars(query.order_by(DueLetter.id).with_for_update()):
        if letter.signup_id is not None:
            found[letter.signup_id].append(letter)
    return found


def people(session: Session, ids: set[int]) -> Sequence[Signup]:
    """These sign-ups, without what no letter needs."""
    closed = (defer(column) for column in sealed_except("contact"))
    found = select(Signup).where(Signup.id.in_(ids)).order_by(Signup.id).options(*closed)
    return session.scalars(found).all() if ids else ()
