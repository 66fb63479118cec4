"""What a project knows of who comes after which answer: from the dates of which it was written down who was there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.rows import Attendance, Gathering, Invitation, Plan, PlanGroup, Seat
from web.rows.invitations import InvitationState, Partstat
from web.services.attendance import records
from web.services.invitations.rsvp.forecast import CHANCES, MAYBE, NO, NONE, YES, Chance

SAID: dict[str, str] = {Partstat.ACCEPTED: YES, Partstat.TENTATIVE: MAYBE, Partstat.DECLINED: NO}


def chances(session: Session, project_id: int, before: datetime) -> dict[str, Chance]:
    """The chance to come after each answer: what is assumed, and everybody of whom it is known on dates before that."""
    written = select(Attendance.gathering_id).where(Attendance.project_id == project_id)
    over = Gathering.id.in_(written), Gathering.ends <= before
    known = records.of_all(session, session.scalars(select(Gathering.id).where(*over)).all())
    if not known:
        return dict(CHANCES)
    seats = _seats(session, project_id)
    found = dict(CHANCES)
    invited = select(Invitation.gathering_id, Gathering.session_id, Invitation.signup_id, Invitation.partstat)
    mine = Invitation.gathering_id.in_(known), Invitation.state == InvitationState.ON
    for date, evening, signup, partstat in session.execute(invited.join(Gathering).where(*mine)):
        there = known[date].there(signup, seats.get((signup, evening)))
        if there is not None:
            answer = SAID.get(partstat, NONE)
            chance = found[answer]
            found[answer] = Chance(chance.a + there, chance.b + (not there))
    return found


def _seats(session: Session, project_id: int) -> dict[tuple[int, int], int]:
    """(sign-up, session) -> number of the table, in the plans that count."""
    found = (
        select(Seat.signup_id, PlanGroup.session_id, PlanGroup.number)
        .join(PlanGroup, PlanGroup.id == Seat.group_id)
        .join(Plan, Plan.id == PlanGroup.plan_id)
        .where(Plan.current, Plan.project_id == project_id)
    )
    return {(signup, evening): number for signup, evening, number in session.execute(found)}
