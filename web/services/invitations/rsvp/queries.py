"""The page of one invitation: how it stands, the answer that somebody gives there, and whether they want reminders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from config import Settings
from web.errors import N_, Mishap
from web.rows import Gathering, Invitation, Signup
from web.rows.invitations import InvitationState, Partstat
from web.services.invitations.rsvp import answer

STANDS, OVER, CALLED_OFF, GONE = "stands", "over", "called_off", "gone"
ALL, EACH = "all", "each"
"""What the page calls one answer for every date to come, and one for each."""
SAID = {"yes": Partstat.ACCEPTED, "maybe": Partstat.TENTATIVE, "no": Partstat.DECLINED}
"""What a button says -> what a calendar calls it."""


class NoAnswer(Mishap):
    """None of the buttons."""

    status = 422
    sentence = N_("Kies een van de knoppen: ik kom, misschien of ik kom niet.")


class TooLateToAnswer(answer.NoLonger):
    """Too late to say anything."""

    sentence = N_("Deze ontmoeting is al geweest. Je hoeft niets te doen.")


def standing(invitation: Invitation, now: datetime) -> str:
    """Whether there is something to answer, and if not why."""
    if invitation.gathering.called_off_at is not None:
        return CALLED_OFF
    if invitation.gathering.ends <= now:
        return OVER
    return STANDS if invitation.state == InvitationState.ON else GONE


def say(session: Session, invitation: Invitation, said: str, *, now: datetime, settings: Settings) -> None:
    """Keep the answer of a button. Raises NoAnswer, NoLonger or PlaceGone; then nothing is changed."""
    if said not in SAID:
        raise NoAnswer
    if standing(invitation, now) == OVER:
        raise TooLateToAnswer
    answer.answer(session, invitation, SAID[said], by="page", now=now, settings=settings)


def meant(
    session: Session, invitation: Invitation, typed: Mapping[str, str], now: datetime
) -> Sequence[tuple[Invitation, str]]:
    """What was said on the page of an invitation, by date: the same of all, something of each, or of its own."""
    said, dates = typed.get("answer", ""), to_come(session, invitation.signup, now)
    if said == EACH:
        each = [(one, typed.get(f"date-{one.id}", "")) for one in dates]
        return [(one, said) for one, said in each if said and SAID.get(said) != one.partstat]
    of_all = typed.get("date") == ALL and dates
    return [(one, said) for one in (dates if of_all else [invitation])]


def be_quiet(session: Session, signup: Signup, quiet: bool) -> None:
    """No more reminders for this sign-up, or as usual; what has to be told is told all the same."""
    signup.quiet = quiet


def to_come(session: Session, signup: Signup, now: datetime) -> Sequence[Invitation]:
    """The invitations of somebody that stand, for dates that are still to come, in order of time."""
    return session.scalars(
        select(Invitation)
        .join(Gathering, Gathering.id == Invitation.gathering_id)
        .where(Invitation.signup_id == signup.id, Invitation.state == InvitationState.ON, Gathering.ends > now)
        .where(Gathering.called_off_at.is_(None))
        .options(joinedload(Invitation.gathering))
        .order_by(Gathering.starts, Invitation.id)
    ).all()


def unsaid(session: Session, signup: Signup, now: datetime) -> list[Invitation]:
    """Those of them of which somebody did not say yet whether they come."""
    return [one for one in to_come(session, signup, now) if one.partstat == Partstat.NEEDS_ACTION]
