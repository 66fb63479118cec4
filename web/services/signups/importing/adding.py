"""The confirmation of an import: everybody in one short transaction, after looking again whether it still holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
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
from web.services.signups import NotOpen, many
from web.services.signups.importing.faults import Gone
from web.services.signups.importing.keeping import ImportReceipt, ImportStore
from web.services.signups.importing.previewing import Entry, Preview, RowKind, preview
from web.services.signups.importing.still import changed_since, otherwise, seen_of, signups_of
from web.services.signups.importing.undoing import before
from web.services.signups.prepared import PreparedSignup
from web.services.waiting import settle

IMPORTED = "import"
AT_ONCE = 100
"""Changes in one transaction: so few that nobody notices who waits for it."""
Tell = Callable[[int, int], None]
_COUNTS = re.compile(r"added=(\d+) changed=(\d+) left_out=(\d+)")


@dataclass(frozen=True, slots=True)
class Done:
    """How many rows did what; `again`: this import had been done before, nothing was done now."""

    added: int
    changed: int
    left_out: int
    again: bool = False


class Meanwhile(Overtaken):
    """Rows that would now do something else than was shown; nobody was added."""

    def __init__(self, rows: tuple[int, ...]) -> None:
        super().__init__()
        self.rows = rows


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
    tell: Tell = lambda done, of: None,
) -> Done:
    """Do what the preview of `token` showed; of the rows that look like somebody only those that are ticked.

    People come in all at once or not at all, in one short transaction that the caller ends; all that takes time was
    done before it. Many changes go before them in batches, each committed by itself: each is whole without the others.
    A second call with the same token does nothing and says what the first one did; the caller lets the desk forget the
    token once it is kept. `tell` hears how many of how many rows are ready. Raises Gone, Meanwhile or Closed.
    """
    hand = _Hand(by, now, desk.vault, token)
    return done_before(session, series, token) or _all(session, series, ticked, hand, desk, settings, tell)


def _all(
    session: Session,
    series: Series,
    ticked: Collection[int],
    hand: _Hand,
    desk: ImportStore,
    settings: Settings,
    tell: Tell,
) -> Done:
    kept = desk.open(hand.token, hand.now)
    if kept is None:
        raise Gone
    seen = seen_of(session, series, hand.now)
    shown = preview(session, series, kept.sheet, settings, hand.vault, hand.now)
    if not shown.ready or (rows := _other(shown, kept.verdicts)):
        raise Meanwhile(rows if shown.ready else ())
    new = [e for e in shown.entries if e.kind == RowKind.NEW or (e.kind == RowKind.LIKE and e.row in ticked)]
    changed = shown.of(RowKind.CHANGE)
    if new and not takes_signups(series, hand.now):
        raise Closed
    desk.sign(_receipt_of(session, series, new, changed, hand))
    people = _prepared(session, series, new, hand, lambda done: tell(done, len(new) + len(changed)))
    if len(changed) > AT_ONCE:
        for start in range(0, len(changed), AT_ONCE):
            _batch(session, series, changed[start : start + AT_ONCE], hand)
            tell(len(new) + start, len(new) + len(changed))
        seen, changed_now = seen_of(session, series, hand.now), []
    else:
        changed_now = changed
    # Two confirmations, or an import and a sign-up, wait for each other; not for long.
    lock_series(session, series.id)
    if done := done_before(session, series, hand.token):
        return done
    if seen_of(session, series, hand.now) != seen and (rows := otherwise(session, series, shown, hand.vault, hand.now)):
        raise Meanwhile(rows)
    if new and not takes_signups(series, hand.now):
        raise Closed
    many.write(session, series, people, by=hand.by, now=hand.now, vault=hand.vault)
    settle(session, series, hand.now)
    _change(session, series, changed_now, hand)
    done = Done(len(new), len(changed), len(shown.entries) - len(new) - len(changed))
    _receipt(session, series, done, hand)
    return done


def _other(shown: Preview, before: dict[str, str]) -> tuple[int, ...]:
    """The rows that do not do what they did."""
    now = shown.verdicts
    return tuple(sorted(int(row) for row in now.keys() | before.keys() if now.get(row) != before.get(row)))


def _prepared(
    session: Session, series: Series, entries: list[Entry], hand: _Hand, tell: Callable[[int], None]
) -> list[PreparedSignup]:
    around, found = many.surroundings(session, series), []
    for entry in entries:
        assert entry.told is not None
        answers, channel, once = entry.told.answers, entry.told.channel, f"{hand.token}:{entry.row}"
        found.append(
            many.prepare(session, series, answers, around, channel=channel, now=hand.now, once=once, vault=hand.vault)
        )
        if len(found) % AT_ONCE == 0:
            tell(len(found))
    return found


def _receipt_of(session: Session, series: Series, new: list[Entry], changed: list[Entry], hand: _Hand) -> ImportReceipt:
    """What is needed to take all of it back, written before anything happens: who did not come in is not there."""
    once = [hashed(f"{hand.token}:{entry.row}") for entry in new]
    return ImportReceipt(
        hand.token, hand.now, once, {signup.once: before(signup) for signup in signups_of(session, changed)}
    )


def _batch(session: Session, series: Series, entries: list[Entry], hand: _Hand) -> None:
    """Some of many changes, committed by themselves so that others come in between."""
    lock_series(session, series.id)
    if rows := changed_since(session, entries):
        session.rollback()
        raise Meanwhile(rows)
    _change(session, series, entries, hand)
    session.commit()


def _change(session: Session, series: Series, entries: list[Entry], hand: _Hand) -> None:
    if not entries:
        return
    people = {signup.id: signup for signup in signups_of(session, entries)}
    with session.no_autoflush:
        for entry in entries:
            assert entry.told is not None
            assert entry.id is not None
            mine, told = people[entry.id], entry.told
            signups.refill(
                session, mine, told.answers, now=hand.now, channel=told.channel, vault=hand.vault, by=hand.by
            )
    # Who has another address by this is invited there.
    reconciling.reconcile(session, series, hand.now, who=list(people))


def _about(series: Series, token: str) -> str:
    return f"series:{series.id} import:{hashed(token)[:16]} "


def _receipt(session: Session, series: Series, done: Done, hand: _Hand) -> None:
    counts = f"added={done.added} changed={done.changed} left_out={done.left_out}"
    audit.note(session, series, IMPORTED, by=hand.by, now=hand.now, about=_about(series, hand.token) + counts)


def done_before(session: Session, series: Series, token: str) -> Done | None:
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
