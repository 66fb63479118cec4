"""sessions.csv and facilitators.csv: where and when groups can meet, and who can lead them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from matcher.domain import Facilitator, Session
from matcher.faults import FaultList
from matcher.formats import LARGEST_GROUP
from matcher.messages import Key, Message
from matcher.rules.mode import MODES
from matcher.tables.cells import Cells, cells_of
from matcher.tables.table import Layout, Table

_OPTIONAL = ("round", "start", "end", "venue", "mode", "seats", "access", "languages", "min", "target", "max")
SESSIONS = Layout(("id", "groups"), _OPTIONAL, most=10_000, rows=Key("rows.sessions"), filled=True)
FACILITATORS = Layout(("id",), ("name", "sessions", "languages", "skills", "max_groups"), rows=Key("rows.facilitators"))
MOST_GROUPS = 10_000


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions, and where each of them stands in the file."""

    sessions: dict[str, Session]
    cells: dict[str, Cells]


def sessions_of(table: Table | None, faults: FaultList) -> Sessions | None:
    """The sessions of a table; None if it could not be read."""
    if table is None:
        return None
    read = Sessions({}, {})
    for row in cells_of(table, faults):
        if (id := row.id("id", unique=read.cells)) not in read.cells:
            read.cells[id] = row
            read.sessions[id] = _session(id, row)
    return read


def _session(id: str, row: Cells) -> Session:
    if not row.text("groups"):
        row.fault("groups", Message.of("fault.empty"), Message.of("fix.groups"))
    session = Session(
        id=id,
        groups=row.whole("groups", 1, 1, MOST_GROUPS),
        round=row.whole("round", 1, 1),
        starts=row.moments("start"),
        ends=row.moments("end"),
        venue=row.text("venue"),
        mode=row.mode("mode", MODES, "here"),
        seats=row.maybe("seats", 1),
        access=row.words("access"),
        languages=row.words("languages"),
        min=row.maybe("min", 1, LARGEST_GROUP),
        target=row.maybe("target", 1, LARGEST_GROUP),
        max=row.maybe("max", 1, LARGEST_GROUP),
    )
    _check_dates(row, session)
    return session


def _check_dates(row: Cells, session: Session) -> None:
    starts, ends = len(row.several("start")), len(row.several("end"))
    if starts != ends:
        row.fault("end", Message.of("fault.ends", starts=starts, ends=ends), Message.of("fix.ends"))
    elif len(session.starts) == len(session.ends):
        for start, end in zip(session.starts, session.ends, strict=True):
            if end <= start:
                what = Message.of("fault.end_not_after", end=end.isoformat(), start=start.isoformat())
                row.fault("end", what, Message.of("fix.end_after"))


def in_order(sessions: Collection[Session]) -> tuple[Session, ...]:
    """Sessions by round, time and id (s2 before s10): the order of the rows must not matter."""
    return tuple(sorted(sessions, key=lambda s: (s.round, not s.starts, s.starts, _by_number(s.id), s.id)))


def _by_number(id: str) -> list[tuple[int, str]]:
    parts = re.findall(r"([0-9]+)|([^0-9]+)", id)
    return [(int(number), "") if number else (-1, text) for number, text in parts]


def facilitators_of(
    table: Table | None, sessions: Collection[str] | None, people: Collection[str] | None, faults: FaultList
) -> tuple[Facilitator, ...]:
    """Who can lead, by id; whose id is that of a participant as well is a host, who sits in the group."""
    leaders: dict[str, Facilitator] = {}
    for row in cells_of(table, faults):
        id = row.id("id", unique=leaders)
        leader = Facilitator(
            id=id,
            sessions=row.known("sessions", sessions, "session"),
            languages=row.words("languages") or frozenset({"nl"}),
            skills=row.words("skills"),
            max_groups=row.whole("max_groups", 1, 0),
            person=id if id in (people or ()) else "",
        )
        leaders.setdefault(id, leader)
    return tuple(leaders[id] for id in sorted(leaders))


def names_of(table: Table | None) -> dict[str, str]:
    """What facilitators are called, as far as the column `name` says so."""
    rows = list(cells_of(table, FaultList()))
    return {row.text("id"): row.text("name") for row in rows if row.text("name")}
