"""Taps of a facilitator's device: sent in lots, late, twice or out of order, by a clock that may be wrong.

A device says what its clock shows when it sends. So we know how long ago each tap was, and that is what counts: by our
clock no tap was made after it came, or before the door was open. What is not of the own tables is refused by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from web.errors import N_, Mishap
from web.identity.text import one_line
from web.rows import FacilitatorLink, Gathering
from web.rows.attendance import Presence
from web.services.attendance import marking
from web.services.attendance.marking import Mark
from web.services.plans import current

EARLY = timedelta(hours=12)
"""So long before a date somebody may be marked."""
ENTRY = re.compile(r"[A-Za-z0-9-]{8,40}\Z")
MOST = 500
"""Taps in one lot; a device that has more sends them after each other."""
NOTICED = timedelta(minutes=5)
"""A clock that is wrong by less needs no word."""


class NoTaps(Mishap):
    """What was sent cannot be read: not from a page of ours."""

    status = 422
    sentence = N_("We konden niet lezen wat dit toestel stuurde. Laad de pagina opnieuw.")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a lot: ids not to be sent again, those of them that were refused; minutes a clock is off."""

    done: tuple[str, ...]
    refused: tuple[str, ...]
    minutes_off: int


def dates_open(link: FacilitatorLink, now: datetime) -> list[Gathering]:
    """The dates behind a door on which people may be marked now, the last first."""
    found = (date for date in link.session.dates if date.starts - EARLY <= now)
    return sorted(found, key=lambda date: date.starts, reverse=True)


def take(
    session: Session, link: FacilitatorLink, taps: Sequence[Mapping[str, Any]], sent_at: datetime, now: datetime
) -> Taken:
    """Keep the taps of a lot, sent at that hour of the device's own clock. Part of the transaction of the caller."""
    ahead = sent_at - now
    tables, dates = _seats(session, link), {date.id: date for date in dates_open(link, now)}
    marks: dict[int, list[Mark]] = {}
    done, refused = [], []
    for tap in taps:
        entry = tap["id"]
        done.append(entry)
        mark, date = _mark(tap, entry, tables, ahead, link, now), tap.get("date")
        if mark is None or date not in dates:
            refused.append(entry)
        else:
            marks.setdefault(date, []).append(mark)
    for date, some in marks.items():
        marking.write(session, dates[date], some, by=link.facilitator, now=now)
    off = round(ahead / timedelta(minutes=1)) if abs(ahead) >= NOTICED else 0
    return Taken(tuple(done), tuple(refused), off)


def read(lot: str) -> list[dict[str, Any]]:
    """A lot as it was sent. Raises NoTaps for what is none."""
    try:
        taps = json.loads(lot)
    except (ValueError, RecursionError):
        raise NoTaps from None
    if not isinstance(taps, list) or len(taps) > MOST or not all(map(_is_tap, taps)):
        raise NoTaps
    return taps


def _is_tap(tap: object) -> bool:
    return isinstance(tap, dict) and isinstance(entry := tap.get("id"), str) and bool(ENTRY.match(entry))


def moment(milliseconds: object) -> datetime:
    """What a clock says. Raises NoTaps for what none says."""
    try:
        return datetime.fromtimestamp(float(str(milliseconds)) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise NoTaps from None


def _seats(session: Session, link: FacilitatorLink) -> Mapping[int, set[int]]:
    """The own tables: number -> who has a seat there."""
    groups = current.groups_of(session, link.session.round.series_id)
    mine = (g for g in groups if (g.session_id, g.facilitator_id) == (link.session_id, link.facilitator_id))
    return {group.number: {seat.signup_id for seat in group.seats} for group in mine}


def _mark(
    tap: Mapping[str, Any],
    entry: str,
    tables: Mapping[int, set[int]],
    ahead: timedelta,
    link: FacilitatorLink,
    now: datetime,
) -> Mark | None:
    """A tap as a mark by our clock; None for what this device may not say."""
    said, who, walk_in, number = (tap.get(key) for key in ("presence", "who", "walk_in", "table"))
    if said not in list(Presence):
        return None
    try:
        at = min(now, max(link.opens_at, moment(tap.get("at")) - ahead))
    except (NoTaps, OverflowError):
        return None
    if type(who) is int:
        seat = next(_tables_of(who, tables), None)
        return None if seat is None else Mark(entry, at, seat, Presence(said), signup_id=who)
    name = one_line(str(tap.get("name") or ""))[: marking.LONGEST_NAME]
    if not isinstance(walk_in, str) or not ENTRY.match(walk_in) or type(number) is not int or number not in tables:
        return None
    # Only the mark that brings somebody has a name; any other may come before it.
    if (walk_in == entry) != bool(name):
        return None
    return Mark(entry, at, number, Presence(said), walk_in=walk_in, name=name)


def _tables_of(who: int, tables: Mapping[int, set[int]]) -> Iterator[int]:
    return (number for number, people in tables.items() if who in people)
