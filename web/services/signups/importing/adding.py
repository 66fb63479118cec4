"""The confirmation of an import: everything in one transaction, after looking again whether it still holds."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from web.crypto import Vault, hashed
from web.errors import N_, Overtaken
from web.rows import AuditLine, Series, Staff
from web.services import audit, signups
from web.services.invitations import reconciling
from web.services.locks import lock_series
from web.services.schedule.public_series import takes_signups
from web.services.signups import NotOpen
from web.services.signups.importing.faults import Gone
from web.services.signups.importing.keeping import ImportStore
from web.services.signups.importing.previewing import Entry, Preview, RowKind, preview
from web.services.signups.importing.reading import ImportSheet
from web.services.waiting import settle

IMPORTED = "import"
_COUNTS = re.compile(r"added=(\d+) changed=(\d+) left_out=(\d+)")


@dataclass(frozen=True, slots=True)
class Done:
    """How many rows did what; `again`: this import had been done before, nothing was done now."""

    added: int
    changed: int
    left_out: int
    again: bool = False


class Meanwhile(Overtaken):
    """Rows that would now do something else than was shown; nothing was stored."""

    def __init__(self, sheet: ImportSheet, now: Preview, rows: tuple[int, ...]) -> None:
        super().__init__()
        self.sheet, self.preview, self.rows = sheet, now, rows


class Closed(NotOpen):
    """Nobody can be added now."""

    sentence = N_("Deze ontmoeting staat niet open. Zet de aanmelding open. Kies daarna het bestand opnieuw.")


@dataclass(frozen=True, slots=True)
class _Hand:
    """Who adds, when and with what."""

    by: Staff
    now: datetime
    vault: Vault
    token: str


def add(
    session: Session,
    series: Series,
    token: str,
    ticked: Collection[int],
    *,
    desk: ImportStore,
    by: Staff,
    now: datetime,
    settings: Settings,
) -> Done:
    """Do what the preview of `token` showed; of the rows that look like somebody only those that are ticked.

    A second call with the same token does nothing and says what the first one did; the caller lets the desk forget the
    token once it is kept. Raises Gone, Meanwhile or Closed.
    """
    hand = _Hand(by, now, desk.vault, token)
    return _before(session, series, token) or _all(session, series, ticked, hand, desk, settings)


def _all(
    session: Session, series: Series, ticked: Collection[int], hand: _Hand, desk: ImportStore, settings: Settings
) -> Done:
    kept = desk.open(hand.token, hand.now)
    if kept is None:
        raise Gone
    # First this: two confirmations, or an import and a sign-up, wait for each other.
    lock_series(session, series.id)
    if done := _before(session, series, hand.token):
        return done
    shown = preview(session, series, kept.sheet, settings, hand.vault, hand.now)
    if rows := _other(shown, kept.verdicts):
        raise Meanwhile(kept.sheet, shown, rows)
    return _store(session, series, shown, ticked, hand)


def _other(shown: Preview, before: dict[str, str]) -> tuple[int, ...]:
    """The rows that do not do what they did."""
    now = shown.verdicts
    return tuple(sorted(int(row) for row in now.keys() | before.keys() if now.get(row) != before.get(row)))


def _store(session: Session, series: Series, shown: Preview, ticked: Collection[int], hand: _Hand) -> Done:
    new = [
        entry
        for entry in shown.entries
        if entry.kind == RowKind.NEW or (entry.kind == RowKind.LIKE and entry.row in ticked)
    ]
    changed = shown.of(RowKind.CHANGE)
    # Each row is flushed by itself; what the queries between them would flush, its letter, can wait for the next one.
    with session.no_autoflush:
        _create(session, series, new, hand)
    settle(session, series, hand.now)
    people = [_change(session, entry, hand) for entry in changed]
    if people:
        # Who has another address by this is invited there.
        reconciling.reconcile(session, series, hand.now, who=people)
    done = Done(len(new), len(changed), len(shown.entries) - len(new) - len(changed))
    _receipt(session, series, done, hand)
    return done


def _create(session: Session, series: Series, entries: list[Entry], hand: _Hand) -> None:
    if not entries:
        return
    if not takes_signups(series, hand.now):
        raise Closed
    first = signups.take_numbers(session, series.id, len(entries)) - len(entries) + 1
    for number, entry in enumerate(entries, first):
        assert entry.told is not None
        signups.create(
            session,
            series,
            entry.told.answers,
            number=number,
            channel=entry.told.channel,
            now=hand.now,
            once=f"{hand.token}:{entry.row}",
            vault=hand.vault,
            by=hand.by,
        )


def _change(session: Session, entry: Entry, hand: _Hand) -> int:
    assert entry.told is not None and entry.signup is not None
    told = entry.told
    signups.refill(
        session, entry.signup, told.answers, now=hand.now, channel=told.channel, vault=hand.vault, by=hand.by
    )
    return entry.signup.id


def _about(series: Series, token: str) -> str:
    return f"series:{series.id} import:{hashed(token)[:16]} "


def _receipt(session: Session, series: Series, done: Done, hand: _Hand) -> None:
    counts = f"added={done.added} changed={done.changed} left_out={done.left_out}"
    audit.note(session, series, IMPORTED, by=hand.by, now=hand.now, about=_about(series, hand.token) + counts)


def _before(session: Session, series: Series, token: str) -> Done | None:
    """What this import did before: its line in the audit log is the receipt."""
    lines = select(AuditLine.about).where(
        AuditLine.organisation_id == series.organisation_id,
        AuditLine.what == IMPORTED,
        AuditLine.about.startswith(_about(series, token), autoescape=True),
    )
    found = session.scalar(lines)
    counts = _COUNTS.search(found) if found else None
    if counts is None:
        return None
    added, changed, left_out = map(int, counts.groups())
    return Done(added, changed, left_out, again=True)
