"""Who chose a time, and the letter that tells them when it changes before there are groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.letters.joining import times_changed
from web.rows import Availability, DueLetter, Signup, TimeSlot
from web.rows.messages import LetterState
from web.rows.people import SignupState
from web.services import outbox
from web.services.outbox.event_facts import EventFacts, merged
from web.services.text.tokens import new_token

MOVED, DROPPED = "moved", "dropped"


@dataclass(frozen=True, slots=True)
class Affected:
    """Somebody who chose a session; `only`: and no other one that takes place."""

    signup: Signup
    only: bool


def affected(session: Session, row: TimeSlot) -> Sequence[Affected]:
    """Who chose a session; first those who can come at no other time."""
    chose = session.scalars(
        select(Signup).join(Availability).where(Availability.session_id == row.id, Signup.state != SignupState.LEFT)
    ).all()
    found = (Affected(signup, not _others(signup, row)) for signup in chose)
    return sorted(found, key=lambda one: (not one.only, one.signup.number))


def _others(signup: Signup, row: TimeSlot) -> bool:
    return any(a.session_id != row.id and not a.session.called_off for a in signup.availability)


def tell(
    session: Session,
    row: TimeSlot,
    people: Iterable[Affected],
    before: Sequence[EventFacts],
    reason: str,
    now: datetime,
) -> None:
    """A letter to everybody who chose a session: these dates are no longer so."""
    lying = _lying(session, row.round.series_id)
    for one in people:
        if one.signup.id in lying:
            _add(lying[one.signup.id], before, reason)
        else:
            content = {"before": list(before), "reason": reason}
            key = f"{times_changed.name}:{new_token()}"
            outbox.put(session, times_changed, one.signup, one.signup, key=key, now=now, content=content)


def _lying(session: Session, series_id: int) -> dict[int | None, DueLetter]:
    """By sign-up the letter that did not go out yet."""
    query = select(DueLetter).where(
        DueLetter.series_id == series_id, DueLetter.kind == times_changed.name, DueLetter.state == LetterState.DUE
    )
    return {letter.signup_id: letter for letter in session.scalars(query.with_for_update())}


def _add(letter: DueLetter, before: Sequence[EventFacts], reason: str) -> None:
    """Once more before the letter went out: one letter with everything."""
    content = letter.content or {}
    same = content.get("reason") == reason
    letter.content = {"before": merged(content.get("before", []), before), "reason": reason if same else MOVED}
