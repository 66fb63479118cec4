"""Who goes first on a waiting list: people without a place in an earlier series, through no fault of theirs (P29)."""

from __future__ import annotations

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from web.rows import DueLetter, Invitation, Offer, Plan, PlanGroup, Seat, Signup
from web.rows.invitations import OfferState, Partstat
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.services.plans import current

_KNOWN_BY = (Signup.project_id, Signup.series_id, Signup.name_hash, Signup.email_hash, Signup.phone_hash)
_KNOWN = (
    select(Signup.id)
    .where(
        Signup.project_id == bindparam("project_id"),
        Signup.series_id != bindparam("series_id"),
        Signup.name_hash == bindparam("name_hash"),
        or_(Signup.email_hash == bindparam("email_hash"), Signup.phone_hash == bindparam("phone_hash")),
    )
    .limit(1)
)
"""Whether the same person is in another series of the project."""


def left_out_before(session: Session, signup: Signup) -> int:
    """In how many earlier series of this project the same address or number never got a place (P29).

    Who said no to a place was not left out: not to an invitation, and not to an offer. Nor was who said nothing to an
    offer that reached them, or else silence would be the way to go first next time. One that never went out counts
    for nothing: they cannot help that.
    """
    same = [
        column == value
        for column, value in ((Signup.email_hash, signup.email_hash), (Signup.phone_hash, signup.phone_hash))
        if value
    ]
    if not same:
        return 0
    # Nearly everybody is new, and what follows is a question about eight tables.
    if session.execute(_KNOWN, {column.key: getattr(signup, column.key) for column in _KNOWN_BY}).first() is None:
        return 0
    plan, seat = _current_plan(), _current_plan().where(Seat.signup_id == Signup.id)
    before = select(func.count(func.distinct(Signup.series_id))).where(
        Signup.project_id == signup.project_id,
        Signup.series_id != signup.series_id,
        Signup.name_hash == signup.name_hash,
        or_(*same),
        Signup.state != SignupState.LEFT,
        plan.exists(),
        ~seat.join(Seat, Seat.group_id == PlanGroup.id)
        .where(PlanGroup.session_id.in_(current.taking_place()))
        .exists(),
        *(~said.exists() for said in _could_have_come()),
    )
    return session.scalar(before) or 0


def goes_first_next_time(session: Session, signup: Signup) -> bool:
    """Whether somebody who gets no place in this series goes first in the next one: they could not have come."""
    left_out = select(Signup.id).where(Signup.id == signup.id, *(~said.exists() for said in _could_have_come()))
    return current.plan_of(session, signup.series) is not None and session.scalar(left_out) is not None


def _could_have_come() -> tuple[Select[int], ...]:
    """A no to an invitation or an offer, or no word after an offer that was brought over."""
    letter = select(DueLetter.id).join(Offer, Offer.id == DueLetter.offer_id)
    return (
        select(Invitation.id).where(Invitation.signup_id == Signup.id, Invitation.partstat == Partstat.DECLINED),
        select(Offer.id).where(Offer.signup_id == Signup.id, Offer.state == OfferState.DECLINED),
        letter.where(
            Offer.signup_id == Signup.id, Offer.state == OfferState.EXPIRED, DueLetter.state == LetterState.SENT
        ),
    )


def _current_plan() -> Select[int]:
    """The plan that counts for the series of a sign-up in the query around it."""
    found = select(Plan.id).join(PlanGroup, PlanGroup.plan_id == Plan.id)
    return found.where(Plan.series_id == Signup.series_id, Plan.current).correlate(Signup)
