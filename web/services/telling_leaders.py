"""The letter that tells facilitators that an evening of theirs moved or is off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from web.rows import DueLetter, Facilitator, Plan, PlanGroup, Session
from web.rows.messages import DUE, OVERTAKEN
from web.services import inviting
from web.services.choices import Facts, merged

READY, CHANGED = "list_ready", "list_changed"


def leaders_of(session: DbSession, row: Session) -> Sequence[Facilitator]:
    """Who leads a table there, in the plan that counts."""
    mine = select(PlanGroup.facilitator_id).join(Plan).where(Plan.current, PlanGroup.session_id == row.id)
    return session.scalars(select(Facilitator).where(Facilitator.id.in_(mine)).order_by(Facilitator.id)).all()


def tell(session: DbSession, row: Session, reason: str, before: Sequence[Facts], now: datetime) -> list[int]:
    """A letter to every leader of a session; who they are. What waits for them is not told twice. Nothing is committed.

    `reason` is moved or called_off, `before` are the dates that are no longer so. A link that was not sent yet goes out
    with the new hours, and says enough.
    """
    found = leaders_of(session, row)
    for leader in found:
        lying = _lying(session, row, leader)
        if row.called_off or all(letter.kind != READY for letter in lying):
            told = merged([one for letter in lying for one in letter.content.get("before", [])], before)
            for letter in lying:
                letter.state, letter.content = OVERTAKEN, None
            session.add(_letter(row, leader, {"session_id": row.id, "reason": reason, "before": told}, now))
    return [leader.id for leader in found]


def _lying(session: DbSession, row: Session, leader: Facilitator) -> list[DueLetter]:
    """Letters about this evening that did not go out yet; on some databases they are held until this is done."""
    query = select(DueLetter).where(
        DueLetter.facilitator_id == leader.id, DueLetter.kind.in_((READY, CHANGED)), DueLetter.state == DUE
    )
    letters = session.scalars(query.with_for_update())
    return [letter for letter in letters if (letter.content or {}).get("session_id") == row.id]


def _letter(row: Session, leader: Facilitator, content: dict[str, Any], now: datetime) -> DueLetter:
    return DueLetter(
        organisation_id=row.organisation_id,
        project_id=row.project_id,
        series_id=row.round.series_id,
        facilitator_id=leader.id,
        key=f"{CHANGED}:{inviting.new_token()}",
        kind=CHANGED,
        channel="email" if (leader.contact or {}).get("email") else "call",
        content=content,
        due_at=now,
    )
