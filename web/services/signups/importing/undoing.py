"""The whole of an import taken back, within the hour: who came in by it goes, who was changed is as before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from web.crypto import hashed
from web.rows import DueLetter, Erasure, Series, Signup, Staff
from web.services import audit, signups
from web.services.invitations import reconciling
from web.services.locks import lock_series
from web.services.privacy import met_before
from web.services.privacy.erase import mark_of
from web.services.signups.answers import Answers, told_by
from web.services.signups.importing.keeping import ImportStore
from web.services.signups.importing.known import CHUNK
from web.services.waiting import settle
from web.signup_fields import FIELDS, Kind


@dataclass(frozen=True, slots=True)
class Undone:
    """How many went and how many are as before; `kept` changed since, `told` already had a confirmation."""

    removed: int
    restored: int
    kept: int
    told: int
    ids: tuple[int, ...] = ()


def before(signup: Signup) -> dict[str, Any]:
    """What somebody told before an import changes it, to be sealed."""
    answers = told_by(signup)
    said = {asked.key: answers.get(asked.key) for asked in FIELDS if asked.kind is not Kind.CONSENT}
    named = {"phone_note": answers.phone_note, "consents": answers.consents}
    return {key: sorted(v) if isinstance(v, frozenset) else v for key, v in {**said, **named}.items()}


def undo(session: Session, series: Series, token: str, *, desk: ImportStore, by: Staff, now: datetime) -> Undone | None:
    """Take back what the import of `token` did, all at once; None if that is too long ago, or never was.

    Who changed since, by their own link or at the desk, stays as they are. Nothing is committed.
    """
    kept = next((receipt for receipt in desk.receipts(now) if receipt.token == token), None)
    if kept is None:
        return None
    lock_series(session, series.id)
    came = list(_signups(session, series, kept.added))
    mine = [signup for signup in came if signup.changed_at == kept.at]
    told = _told(session, [signup.id for signup in mine])
    changed = list(_signups(session, series, list(kept.changed)))
    as_left = [signup for signup in changed if signup.changed_at == kept.at]
    for signup in as_left:
        signups.refill(
            session, signup, _answers(kept.changed[signup.once]), now=now, channel="import", vault=desk.vault, by=by
        )
    gone = tuple(signup.id for signup in mine)
    for signup in mine:
        met_before.forget(session, signup, desk.vault)
        session.add(Erasure(mark=mark_of(desk.vault, series.id, signup.once), at=now))
        session.delete(signup)
    session.flush()
    settle(session, series, now)
    if as_left:
        reconciling.reconcile(session, series, now, who=[signup.id for signup in as_left])
    stay = len(came) - len(mine) + len(changed) - len(as_left)
    counts = f"removed={len(mine)} restored={len(as_left)} kept={stay}"
    about = f"series:{series.id} import:{hashed(token)[:16]} {counts}"
    audit.note(session, series, "import_undo", by=by, now=now, about=about)
    return Undone(len(mine), len(as_left), stay, told, gone)


def _signups(session: Session, series: Series, once: Sequence[str]) -> Iterator[Signup]:
    for start in range(0, len(once), CHUNK):
        chosen = select(Signup).where(Signup.series_id == series.id, Signup.once.in_(once[start : start + CHUNK]))
        yield from session.scalars(chosen.options(selectinload(Signup.availability), selectinload(Signup.consents)))


def _told(session: Session, ids: Sequence[int]) -> int:
    """How many of them were sent something already."""
    count = 0
    for start in range(0, len(ids), CHUNK):
        sent = DueLetter.signup_id.in_(ids[start : start + CHUNK]), DueLetter.sent_at.is_not(None)
        count += session.scalar(select(func.count(DueLetter.signup_id.distinct())).where(*sent)) or 0
    return count


def _answers(said: dict[str, Any]) -> Answers:
    kinds = {asked.key: asked.kind for asked in FIELDS}
    sets = {"consents", *(key for key, kind in kinds.items() if kind is Kind.TIMES)}
    told = {
        key: frozenset(v) if key in sets else tuple(v) if kinds.get(key) is Kind.CHOICES else v
        for key, v in said.items()
    }
    return Answers.of(told)
