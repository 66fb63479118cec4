"""Answers to invitations: one answer changes one RSVP and nothing else (calendar rules 40-43)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from web.crypto import hashed
from web.errors import N_, Mishap, Missing
from web.rows import Invitation, Series, Signup
from web.rows.invitations import ANSWERS, InvitationState, Partstat
from web.services.locks import lock_series
from web.services.plans import capacity, company, current
from web.services.waiting import settle


class NoLonger(Mishap):
    """There is nothing to answer: the date was called off, or it is somebody else's place by now."""

    status = 409
    sentence = N_("Deze afspraak is er niet meer voor jou. Je hoeft niets te doen.")


class PlaceGone(Mishap):
    """Who said no and comes after all: somebody else has that place."""

    status = 409
    sentence = N_("Jouw plek is intussen voor iemand anders. Wil je toch komen? Dan kun je op de wachtlijst.")


def by_token(session: Session, token: str) -> Invitation:
    """The invitation that a token opens, whatever its capitals. Raises Missing."""
    found = session.scalars(select(Invitation).where(Invitation.token_hash == hashed(token.lower()))).one_or_none()
    if found is None:
        raise Missing
    return found


def answer(
    session: Session,
    invitation: Invitation,
    partstat: str,
    *,
    by: str,
    now: datetime,
    settings: Settings,
    version: tuple[int, datetime | None] | None = None,
    comment: str = "",
) -> None:
    """Keep an answer as a part of a larger transaction. `by` is mail, page or staff; `version` that of a mailed answer.

    Raises NoLonger, and PlaceGone for a yes after a no when no place is free; then nothing is changed.
    """
    if partstat not in ANSWERS:
        raise ValueError(f"no answer: {partstat!r}")
    # Two who want the last chair wait for each other here, as everywhere where places are given.
    lock_series(session, invitation.series_id)
    if invitation.state != InvitationState.ON or invitation.gathering.called_off_at is not None:
        raise NoLonger
    if partstat != Partstat.DECLINED and gave_up(session, invitation) and not _room(session, invitation, settings):
        raise PlaceGone
    invitation.partstat, invitation.answered_at, invitation.answered_by = partstat, now, by
    invitation.answer_sequence, invitation.answer_stamp = version or (invitation.sequence, now)
    if comment:
        invitation.comment = comment
    settle(session, session.get_one(Series, invitation.series_id), now)


def gave_up(session: Session, invitation: Invitation) -> bool:
    """Whether the chair is free: somebody comes to none of the dates of this session."""
    here = (invitation.signup_id, invitation.gathering.session_id)
    return here in current.given_up(session, invitation.series_id)


def _room(session: Session, invitation: Invitation, settings: Settings) -> bool:
    series = session.get_one(Series, invitation.series_id)
    left = capacity.left(session, series)
    if left is not None and left < 1 and invitation.signup_id in capacity.gave_back(session, series.id):
        return False
    table = invitation.gathering.session_id, invitation.told["group"]
    if current.free(session, series, settings).get(table, 0) < 1:
        return False
    up, signup = current.given_up(session, series.id), session.get_one(Signup, invitation.signup_id)
    here = (one for one in current.groups_of(session, series.id) if (one.session_id, one.number) == table)
    return not any(company.keeps_away(session, signup, one, up) for one in here)
