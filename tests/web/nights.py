"""Nights that go by: no night believes a clock that jumps, so a test that skips weeks says that they passed."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from web import jobs
from web.rows import db
from web.services import known_time


def night(app: Flask, now: datetime) -> None:
    """The work of one night, after others that went well. Needs an application context."""
    app.extensions["clock"].now = now
    known_time.believe(db.session, now)
    db.session.commit()
    jobs.tidy_up(app)
