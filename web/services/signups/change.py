"""What somebody decides about their own sign-up afterwards: changing, leaving, coming back."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config import Settings
from web.crypto import Vault
from web.rows import Gathering, Invitation, Offer, PlanGroup, Signup
from web.rows.invitations import Partstat
from web.rows.people import SignupState
from web.services import waiting
from web.services.invitations import reconciling
from web.services.invitations.rsvp import answer, queries
from web.services.locks import lock_series
from web.services.outbox import allowance
from web.services.outbox.retries import follow
from web.services.plans import capacity, company, current
from web.services.plans.problem import person_hash
from web.services.privacy import met_before
from web.services.signups import buddies, returning
from web.services.signups.answers import Answers, fill
from web.services.signups.register import take_numbers
from web.services.waiting.withdraw_offers import withdraw_offers


def change(session: Session, signup: Signup, answers: Answers, *, now: datetime, channel: str, vault: Vault) -> None:
    """Replace what somebody told; their place in the order of arrival stays."""
    refill(session, signup, answers, now=now, channel=channel, vault=vault)
    # A new address is invited anew.
    reconciling.reconcile(session, signup.series, now, who=(signup.id,))


def refill(session: Session, signup: Signup, answers: Answers, *, now: datetime, channel: str, vault: Vault) -> None:
    """Replace what somebody told as a part of a larger transaction, which ends in `inviting.reconcile`."""
    way, address, known_as = signup.reached_by, _address(signup), person_hash(signup, vault)
    fill(session, signup, answers, now=now, channel=channel, vault=vault)
    met_before.follow(session, signup, known_as, vault)
    if signup.reached_by != way:
        follow(session, signup)
    if _address(signup) != address:
        allowance.at_another_address(session, signup, now)
    buddies.ask(session, signup, now)


def _address(signup: Signup) -> tuple[str | None, ...]:
    return signup.reached_by, signup.email_hash, signup.phone_hash


def leave(session: Session, signup: Signup, *, now: datetime) -> None:
    """Take no part any more; the data go with the rest of the series. What came free goes to who waits."""
    # Who says yes to a place at this very moment waits, or went before.
    lock_series(session, signup.series_id)
    signup.state, signup.changed_at = SignupState.LEFT, now
    withdraw_offers(session, now, Offer.signup_id == signup.id)
    waiting.settle(session, signup.series, now)
    reconciling.reconcile(session, signup.series, now, who=(signup.id,))


def come_back(session: Session, signup: Signup, *, now: datetime, settings: Settings) -> None:
    """Take part again after leaving or giving back a place, also when sign-up is closed; behind who waits.

    Who had a table sits there again, unless the chair is offered to somebody or taken by now. Raises TooLateToReturn.
    """
    number = take_numbers(session, signup.series_id, 1)
    # A double click: what the first one did counts.
    session.refresh(signup)
    series = signup.series
    if not returning.possible(series, signup, now):
        raise returning.TooLateToReturn
    gave_back = signup.id in capacity.gave_back(session, series.id)
    if signup.state != SignupState.LEFT and not (signup.state == SignupState.IN and gave_back):
        return
    if gave_back and _takes_back(session, signup, now, settings):
        return
    left = capacity.left(session, series)
    kept = not gave_back and (left is None or left > 0) and _keeps_seats(session, signup, settings, now)
    if not kept:
        _forget_seats(session, signup, now)
    signup.state = SignupState.IN if kept or not waiting.must_wait(session, series) else SignupState.WAITING
    signup.number, signup.changed_at = number, now
    waiting.settle(session, series, now)
    reconciling.reconcile(session, series, now, who=(signup.id,))


def _takes_back(session: Session, signup: Signup, now: datetime, settings: Settings) -> bool:
    """Whether somebody who gave back a place comes after all, as their chair is still free."""
    taken = False
    for invitation in queries.to_come(session, signup, now):
        with suppress(answer.PlaceGone):
            answer.answer(session, invitation, Partstat.ACCEPTED, by="page", now=now, settings=settings)
            taken = True
    return taken


def _keeps_seats(session: Session, signup: Signup, settings: Settings, now: datetime) -> bool:
    """Whether somebody who was gone still has a seat to come to; those where others sit by now are given up."""
    room, up = current.free(session, signup.series, settings), current.given_up(session, signup.series_id)
    for group in _ahead(session, signup, now):
        if not room[group.session_id, group.number] or company.keeps_away(session, signup, group, up):
            group.seats = [seat for seat in group.seats if seat.signup_id != signup.id]
    return returning.has_seat(session, signup.series, signup, now)


def _forget_seats(session: Session, signup: Signup, now: datetime) -> None:
    """No seat, and no answer about one: of a place that comes free they are asked anew. What was, stays."""
    for group in _ahead(session, signup, now):
        group.seats = [seat for seat in group.seats if seat.signup_id != signup.id]
    coming = select(Gathering.id).where(Gathering.starts > now)
    session.execute(
        update(Invitation)
        .where(
            Invitation.signup_id == signup.id,
            Invitation.partstat == Partstat.DECLINED,
            Invitation.gathering_id.in_(coming),
        )
        .values(partstat=Partstat.NEEDS_ACTION, answered_at=None, answered_by="")
    )


def _ahead(session: Session, signup: Signup, now: datetime) -> list[PlanGroup]:
    """The tables of sessions that are to come."""
    ahead = {row.id for row in signup.series.ahead(now)}
    return [group for group in current.groups_of(session, signup.series_id) if group.session_id in ahead]
