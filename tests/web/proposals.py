"""Proposals that somebody asked for."""

from __future__ import annotations

from tests.web.cast import NOW, Cast
from web.rows import Series, Staff, db
from web.services.groups import proposals
from web.transaction import transaction


def asked(cast: Cast, seconds: float = 5.0) -> int:
    """A proposal that somebody asked for. Needs an application context."""
    series, by = db.session.get_one(Series, cast.series), db.session.get_one(Staff, cast.amina)
    with transaction(db.session):
        return proposals.ask(db.session, series, by=by, now=NOW, seed=1, seconds=seconds, config_hash="x").id
