"""Letters to facilitators: a link to a list, an evening that moved or is off, and tables that are theirs no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.letters import LetterKind
from web.letters.staff import list_changed, list_ready
from web.rows import DueLetter, Facilitator, Plan, PlanGroup, TimeSlot
from web.rows.messages import LetterState
from web.services import outbox
from web.services.outbox.event_facts import EventFacts, merged, without_table
from web.services.text.tokens import new_token

LOST = "lost"
OF_A_LIST = (list_ready.name, list_changed.name)


def leaders_of(session: Session, row: TimeSlot) -> Sequence[Facilitator]:
    """Who leads a table there, in the plan that counts."""
    mine = select(PlanGroup.facilitator_id).join(Plan).where(Plan.current, PlanGroup.session_id == row.id)
    return session.scalars(select(Facilitator).where(Facilitator.id.in_(mine)).order_by(Facilitator.id)).all()


def tell(session: Session, row: TimeSlot, reason: str, before: Sequence[EventFacts], now: datetime) -> list[int]:
    """A letter to every leader of a session; who they are. What waits for them is not told twice.

    `reason` is moved or called_off, `before` are the dates that are no longer so. A link that was not sent yet goes out
    with the new hours, and says enough.
    """
    found = leaders_of(session, row)
    for leader in found:
        lying = _lying(session, row, leader)
        if row.called_off or all(letter.kind != list_ready.name for letter in lying):
            told = merged([one for letter in lying for one in (letter.content or {}).get("before", [])], before)
            for letter in lying:
                letter.state, letter.content = LetterState.OVERTAKEN, None
            content = {"session_id": row.id, "reason": reason, "before": told}
            _put(session, row, leader, list_changed, content, now)
    return [leader.id for leader in found]


def ready(session: Session, row: TimeSlot, leader: Facilitator, door: tuple[str, str], now: datetime) -> None:
    """A letter with a new link and its PIN."""
    withdraw(session, row, leader)
    secret, pin = door
    _put(session, row, leader, list_ready, {"session_id": row.id, "secret": secret, "pin": pin}, now)


def withdraw(session: Session, row: TimeSlot, leader: Facilitator) -> None:
    """The links that lie here work no longer, and nobody needs to hear of a change of mind."""
    for letter in _lying(session, row, leader):
        if letter.kind == list_ready.name or (letter.content or {}).get("reason") == LOST:
            letter.state, letter.content = LetterState.OVERTAKEN, None


def lost(session: Session, row: TimeSlot, leader: Facilitator, now: datetime) -> None:
    """A letter to who leads nothing there any more; what lies here for them is no longer so."""
    for letter in _lying(session, row, leader):
        letter.state, letter.content = LetterState.OVERTAKEN, None
    before = without_table(date for date in row.dates if date.ends > now)
    if before:
        _put(session, row, leader, list_changed, {"session_id": row.id, "reason": LOST, "before": before}, now)


def _lying(session: Session, row: TimeSlot, leader: Facilitator) -> list[DueLetter]:
    """Letters about this evening that did not go out yet; on some databases they are held until this is done."""
    query = select(DueLetter).where(
        DueLetter.facilitator_id == leader.id,
        DueLetter.kind.in_(OF_A_LIST),
        DueLetter.state == LetterState.DUE,
    )
    letters = session.scalars(query.with_for_update())
    return [letter for letter in letters if (letter.content or {}).get("session_id") == row.id]


def _put(
    session: Session, row: TimeSlot, leader: Facilitator, kind: LetterKind, content: dict[str, Any], now: datetime
) -> None:
    outbox.put(session, kind, leader, row, key=f"{kind.name}:{new_token()}", now=now, content=content)
