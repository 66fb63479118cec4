"""What must hold whatever was sent: no fault of ours, nothing of the others in an answer, nothing lost, and a table."""

from __future__ import annotations

import io
import os
import platform
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.web.doors_of_all import verb
from tests.web.pages import Form
from tests.web.season import HERE, THERE
from tests.web.town import Town
from web.rows import Base, Staff, db

THEIRS = ("dirk", "daan")
"""Who works for the other municipality: an organiser and an administrator."""
ERASES = {"resident.erase", "organiser.drop_session", "organiser.session", "organiser.keep_last"}
"""Routes by which somebody who may do so takes something away; that they ask first has tests of its own."""
LASTING = {"signup", "plan", "plan_group", "seat", "proposal", "series", "time_slot", "gathering", "invitation"}
LASTING |= {"venue", "facilitator", "key_contact", "project", "staff", "due_letter", "reply"}
"""Tables of which no row goes by any other way."""


@dataclass(frozen=True, slots=True)
class Target:
    """Who may send what where: a route, and the form for it if a page has one."""

    who: str
    rule: Rule
    path: str
    form: Form | None = None

    @property
    def method(self) -> str:
        """The method that its form or its route wants."""
        return self.form.method.upper() if self.form else verb(self.rule)


@dataclass
class Tally:
    """What came of it."""

    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    callers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    canaries: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)


def foreign(place: Town, aim: Target, answer: TestResponse) -> list[str]:
    """What of the other municipality stands in an answer; what is public may be read by all."""
    ours, theirs = (HERE, place.season.secret), (THERE, place.season.foreign_secret)
    public = aim.rule.endpoint.startswith(("public.", "resident."))
    if public and not any(secret in aim.path for secret in (ours[1], theirs[1])):
        return []
    its = ours[1] not in aim.path if public else aim.who in THEIRS
    return [mark for mark in (ours if its else theirs) if mark.encode() in unpacked(answer.data)]


def unpacked(data: bytes) -> bytes:
    """What somebody reads of it: a workbook is a packed folder."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


Rows = Mapping[str, Mapping[object, tuple[object, ...]]]


def rows(place: Town) -> Rows:
    """Every row that belongs to a municipality, by table and key: whose it is, and all that stands there."""
    found = {}
    with place.app.app_context():
        for name, table in Base.metadata.tables.items():
            if "organisation_id" in table.columns:
                stored = db.session.execute(db.text(f'select * from "{name}"')).mappings()
                found[name] = {row["id"]: (row["organisation_id"], *row.values()) for row in stored}
        db.session.remove()
    return found


def losses(place: Town, aim: Target, before: Rows, after: Rows) -> list[str]:
    """What is gone that nobody asked to erase, and what changed at the others."""
    with place.app.app_context():
        theirs = db.session.get_one(Staff, place.cast.dirk).organisation_id
        db.session.remove()
    others = place.cast.organisation if aim.who in THEIRS else theirs
    found = []
    for name, then in before.items():
        gone = then.keys() - after[name].keys()
        if gone and name in LASTING and aim.rule.endpoint not in ERASES:
            found.append(f"{len(gone)} of {name} are gone")
        if any(row[0] == others and after[name].get(key) != row for key, row in then.items()):
            found.append(f"{name} of the others is not as it was")
        if any(row[0] == others and key not in then for key, row in after[name].items()):
            found.append(f"{name} of the others has more than before")
    return found


def table(tally: Tally, seed: int, seconds: float) -> str:
    """For people: what was sent, what came back, where and when."""
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(tally.statuses.items()))
    lines = [
        ("requests", tally.statuses.total()),
        ("seed", seed),
        ("bodies", ", ".join(f"{kind}: {count}" for kind, count in sorted(tally.kinds.items()))),
        ("as", ", ".join(f"{who}: {count}" for who, count in sorted(tally.callers.items()))),
        ("statuses", statuses),
        ("500s", len(tally.faults)),
        ("foreign canaries", len(tally.canaries)),
        ("rows lost, or changed at others", len(tally.losses)),
        ("seconds", round(seconds)),
        ("machine", f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"),
        ("date", f"{datetime.now(UTC):%Y-%m-%d}"),
    ]
    return "\n" + "\n".join(f"{name:32} {value}" for name, value in lines)
