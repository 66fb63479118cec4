"""Letters by hand that a newer one to the same person makes superfluous: nobody tells, prints or counts them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session, aliased

from web.letters import REMINDERS, LetterKind
from web.letters.joining import confirmation, moved_up, times_changed
from web.letters.places import cancelled, changed, placed, waiting
from web.rows import DueLetter
from web.rows.messages import LetterState

_PLACE = (placed, changed, cancelled)
OVERTAKES: dict[LetterKind, tuple[LetterKind, ...]] = {
    confirmation: (*_PLACE, waiting, moved_up),
    moved_up: (*_PLACE, waiting),
    times_changed: _PLACE,
}
"""Which newer letters say all that matters of an older one."""
FIRST = aliased(DueLetter)
_STANDS = (LetterState.DUE, LetterState.SENDING, LetterState.SENT)


def is_earlier_news() -> ColumnElement[bool]:
    """Whether a newer letter that waits, or that went out, says more than this one."""
    return or_(*(_by(old, newer, *_STANDS) for old, newer in OVERTAKES.items()), _reminds_of(_lying() | _told()))


def _by(old: LetterKind, newer: tuple[LetterKind, ...], *states: LetterState) -> ColumnElement[bool]:
    later = aliased(DueLetter)
    same = later.signup_id == DueLetter.signup_id, later.id > DueLetter.id, later.state.in_(states)
    return and_(
        DueLetter.kind == old.name, select(later.id).where(*same, later.kind.in_([one.name for one in newer])).exists()
    )


def _reminds_of(first_told: ColumnElement[bool]) -> ColumnElement[bool]:
    """A reminder of what somebody hears for the first time: now, or since it fell due."""
    same = FIRST.signup_id == DueLetter.signup_id, FIRST.channel == DueLetter.channel
    heard = select(FIRST.id).where(*same, FIRST.kind.in_((placed.name, changed.name)), first_told)
    return and_(DueLetter.kind.in_(REMINDERS), heard.exists())


def _lying() -> ColumnElement[bool]:
    return FIRST.state == LetterState.DUE


def _told() -> ColumnElement[bool]:
    return and_(FIRST.state == LetterState.SENT, FIRST.sent_at >= DueLetter.due_at)


def drop(session: Session, ways: tuple[str, ...], now: datetime) -> None:
    """What was said with newer news is done; what is only hidden by a letter that waits may come back."""
    said = or_(*(_by(old, newer, LetterState.SENT) for old, newer in OVERTAKES.items()))
    mine = DueLetter.state == LetterState.DUE, DueLetter.channel.in_(ways)
    found = session.scalars(select(DueLetter.id).where(*mine, or_(said, _reminds_of(_told())))).all()
    done = {"state": LetterState.OVERTAKEN, "sent_at": now, "content": None}
    session.execute(update(DueLetter).where(DueLetter.id.in_(found)).values(**done))


def secret_of(session: Session, letter: DueLetter) -> str:
    """The link to the own page that an older letter was to bring: it comes along with the newer one."""
    older = DueLetter.signup_id == letter.signup_id, DueLetter.id < letter.id, DueLetter.state == LetterState.DUE
    found = select(DueLetter).where(*older, DueLetter.kind == confirmation.name, is_earlier_news())
    lying = session.scalars(found.order_by(DueLetter.id.desc())).first()
    return str((lying.content or {}).get("secret", "")) if lying is not None else ""
