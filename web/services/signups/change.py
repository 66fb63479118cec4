"""What somebody decides about their own sign-up afterwards: changing, leaving, coming back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from config import Settings
from web.crypto import Vault
from web.rows import Offer, Signup
from web.rows.people import SignupState
from web.services.invitations import reconciling
from web.services.locks import lock_series
from web.services.outbox.retries import follow
from web.services.outbox.withdraw_offers import withdraw_offers
from web.services.plans import current
from web.services.signups import returning
from web.services.signups.answers import Answers, fill
from web.services.signups.register import take_numbers
from web.services.signups.waiting_list import full


def change(session: Session, signup: Signup, answers: Answers, *, now: datetime, channel: str, vault: Vault) -> None:
    """Replace what somebody told; their place in the order of arrival stays."""
    refill(session, signup, answers, now=now, channel=channel, vault=vault)
    # A new address is invited anew.
    reconciling.reconcile(session, signup.series, now, who=(signup.id,))


def refill(session: Session, signup: Signup, answers: Answers, *, now: datetime, channel: str, vault: Vault) -> None:
    """Replace what somebody told as a part of a larger transaction, which ends in `inviting.reconcile`."""
    way = signup.reached_by
    fill(session, signup, answers, now=now, channel=channel, vault=vault)
    if signup.reached_by != way:
        follow(session, signup)


def leave(session: Session, signup: Signup, *, now: datetime) -> None:
    """Take no part any more; the data go with the rest of the series."""
    # Who says yes to a place at this very moment waits, or went before.
    lock_series(session, signup.series_id)
    signup.state, signup.changed_at = SignupState.LEFT, now
    withdraw_offers(session, now, Offer.signup_id == signup.id)
    reconciling.reconcile(session, signup.series, now, who=(signup.id,))


def come_back(session: Session, signup: Signup, *, now: datetime, settings: Settings) -> None:
    """Take part again after leaving, also when sign-up is closed; at the end of the queue if it is full.

    Who had a table sits there again, unless somebody else does by now. Raises TooLateToReturn.
    """
    number = take_numbers(session, signup.series_id, 1)
    # A double click: what the first one did counts.
    session.refresh(signup)
    series = signup.series
    if not returning.possible(series, signup, now):
        raise returning.TooLateToReturn
    if signup.state == SignupState.LEFT:
        _give_up_taken_seats(session, signup, settings)
        waits = full(session, series) and not returning.has_seat(session, series, signup, now)
        signup.state = SignupState.WAITING if waits else SignupState.IN
        signup.number, signup.changed_at = number, now
        reconciling.reconcile(session, signup.series, now, who=(signup.id,))


def _give_up_taken_seats(session: Session, signup: Signup, settings: Settings) -> None:
    """Seats of somebody who was gone, where others sit by now."""
    room = current.free(session, signup.series, settings)
    for group in current.groups_of(session, signup.series_id):
        if not room[group.session_id, group.number]:
            group.seats = [seat for seat in group.seats if seat.signup_id != signup.id]
