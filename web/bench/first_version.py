"""An installation of the first version with rows in it: what an upgrade has to bring along."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import flask_migrate
from flask import Flask
from sqlalchemy import MetaData, Table, select

from web.rows import db

FIRST = "0001"
MOMENT = datetime(2026, 1, 13, 18)
OWNER: dict[str, Any] = {"organisation_id": 1, "project_id": 1}
PERSON: dict[str, Any] = {
    "series_id": 1,
    "state": "in",
    "created_at": MOMENT,
    "changed_at": MOMENT,
    "name": "sealed",
    "reach": "email",
    "name_hash": "h",
    "channel": "web",
    "language": "nl",
    "languages": "sealed",
    "needs": "sealed",
    "interests": "sealed",
    "bubbles": "sealed",
    "priority": 0,
    "other_wish": 0,
    **OWNER,
}
LETTER: dict[str, Any] = {
    "series_id": 1,
    "signup_id": 1,
    "kind": "placed",
    "channel": "email",
    "due_at": MOMENT,
    "tries": 1,
    **OWNER,
}
ROWS: dict[str, list[dict[str, Any]]] = {
    "organisation": [{"id": 1, "name": "Welzijn Zuid", "slug": "zuid", "demo": 0}],
    "project": [
        {
            "id": 1,
            "organisation_id": 1,
            "name": "Zuidwest",
            "slug": "zuidwest",
            "district": "",
            "state": "running",
            "evaluation": "",
            "blocks": "[]",
            "contact_name": "Fatma",
            "contact_phone": "",
            "sees_bubbles": 0,
        }
    ],
    "series": [
        {
            "id": 1,
            "title": "Samen koken",
            "slug": "koken",
            "intro": "",
            "format": "koken",
            "state": "open",
            "counted": 0,
            "reviewed": 1,
            "created_at": MOMENT,
            **OWNER,
        }
    ],
    "round": [{"id": 1, "series_id": 1, "number": 1, **OWNER}],
    "session": [{"id": 1, "round_id": 1, "groups": 1, "mode": "here", **OWNER}],
    "gathering": [{"id": id, "session_id": 1, "starts": MOMENT, "ends": MOMENT} for id in (1, 2, 3)],
    "signup": [
        {"id": id, "number": id, "once": str(id), "code": str(id), "secret_hash": str(id), **PERSON} for id in (1, 2)
    ],
    "staff": [
        {
            "id": 1,
            "organisation_id": 1,
            "email": "amina@zuid.example",
            "name": "Amina",
            "password": "x",
            "active": 1,
            "language": "nl",
            "fs_uniquifier": "amina",
        }
    ],
    "due_letter": [
        {"id": 1, "key": "sent", "sent_at": MOMENT, "fault": "", "content": None, **LETTER},
        {"id": 2, "key": "waits", "sent_at": None, "fault": "", "content": "sealed", **LETTER},
        {"id": 3, "key": "overtaken", "sent_at": MOMENT, "fault": "overtaken", "content": None, **LETTER},
        {"id": 4, "key": "faulty", "sent_at": None, "fault": "OSError", "content": "sealed", **LETTER},
    ],
}
"""What an installation of the first version may hold."""


def install(app: Flask) -> None:
    """Make the first version, with its rows, in an empty database. Needs an application context."""
    flask_migrate.upgrade(revision=FIRST)
    for name, rows in ROWS.items():
        db.session.execute(table(name).insert(), rows)
    db.session.commit()
    db.session.close()


def table(name: str) -> Table:
    """A table as it is in the database now."""
    return Table(name, MetaData(), autoload_with=db.engine)


def stored(name: str) -> list[dict[str, Any]]:
    """All rows of a table, in order."""
    here = table(name)
    found = [dict(row) for row in db.session.execute(select(here).order_by(here.c.id)).mappings()]
    db.session.close()
    return found


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables that the first version filled."""
    return {name: stored(name) for name in ROWS}


def is_kept(before: dict[str, list[dict[str, Any]]]) -> bool:
    """Whether every row still holds what it held; a letter that was overtaken says so elsewhere."""
    return all(
        {key: now[key] for key in was if key != "fault"} == {key: was[key] for key in was if key != "fault"}
        for name, rows in before.items()
        for was, now in zip(rows, stored(name), strict=True)
    )
