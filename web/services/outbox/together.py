"""Letters that go in one mail: all that one person is told of the dates of a series at that moment.

The outbox has a row for every date and version, so that a change of one date overtakes only what is said of that one.
Who gets a mail wants one, with all its dates: what is due at the same time is written as one letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from web.letters import LETTERS, OF_A_PLACE, REMINDERS, LetterKind, Method
from web.letters.places import cancelled, changed, placed
from web.letters.staff import list_changed, list_ready
from web.rows import DueLetter
from web.rows.messages import LetterState

Letters = Sequence[DueLetter]
"""The letters of one mail, the first one first."""
OF_A_LIST = (list_ready.name, list_changed.name)


def family(kind: str) -> tuple[str, ...]:
    """The kinds that this one goes in one mail with; none if it goes by itself."""
    if kind in OF_A_PLACE:
        return OF_A_PLACE
    return (kind,) if kind in (*REMINDERS, *OF_A_LIST) else ()


def due_with(session: Session, first: DueLetter, now: datetime) -> Letters:
    """A letter that is due and all that are due with it, in order."""
    if _is_alone(first):
        return [first]
    later = select(DueLetter).where(*_same_mail(first, now), DueLetter.id > first.id)
    found = session.scalars(later.order_by(DueLetter.id))
    return [first, *(one for one in found if _news(one) == _news(first))]


def goes_along(session: Session, letter: DueLetter, now: datetime) -> bool:
    """Whether an earlier letter is due that this one goes in one mail with."""
    if _is_alone(letter):
        return False
    earlier = select(DueLetter.id).where(*_same_mail(letter, now), DueLetter.id < letter.id)
    return session.scalar(earlier.limit(1)) is not None


def _same_mail(letter: DueLetter, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        DueLetter.signup_id.is_not_distinct_from(letter.signup_id),
        DueLetter.facilitator_id.is_not_distinct_from(letter.facilitator_id),
        DueLetter.series_id == letter.series_id,
        DueLetter.channel == letter.channel,
        DueLetter.kind.in_(family(letter.kind)),
        DueLetter.state == LetterState.DUE,
        DueLetter.due_at <= now,
        DueLetter.invitation_id.is_(None) if letter.invitation_id is None else DueLetter.invitation_id.is_not(None),
    )


def _is_alone(letter: DueLetter) -> bool:
    """Whether it tells of everything already, or of nothing that others tell of."""
    return not family(letter.kind) or (letter.invitation_id is None and letter.kind not in OF_A_LIST)


def _news(letter: DueLetter) -> str:
    """A letter to a facilitator says one reason for all its sessions."""
    return str((letter.content or {}).get("reason", "")) if letter.kind in OF_A_LIST else ""


def split(letters: Iterable[DueLetter]) -> list[Letters]:
    """Letters by the mail or the message in which they are told, each in order."""
    found: dict[object, list[DueLetter]] = {}
    for letter in letters:
        owner = letter.signup_id, letter.facilitator_id, letter.series_id, letter.channel
        same = (*owner, family(letter.kind), _news(letter))
        found.setdefault(letter.id if _is_alone(letter) else same, []).append(letter)
    return list(found.values())


def kind_of(letters: Letters) -> LetterKind:
    """What they are as one letter: where a date is new and another is gone, something changed."""
    kinds = {letter.kind for letter in letters}
    if len(kinds) == 1:
        return LETTERS[letters[0].kind]
    return changed if changed.name in kinds or cancelled.name in kinds else placed


def in_time(letters: Letters) -> Letters:
    """Dates that stand first, then those that are gone, each in order of time: what a calendar is told first."""
    return sorted(letters, key=lambda one: (LETTERS[one.kind].method is Method.CANCEL, _starts(one), one.id))


def _starts(letter: DueLetter) -> str:
    return str(letter.invitation.told["starts"]) if letter.invitation is not None else ""
