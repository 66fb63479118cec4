"""Routes of the figures about sign-ups, in which nobody can be recognised."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _

from web import world
from web.formatting import moment, words
from web.languages import language
from web.organiser.routes import blueprint, series_for_me
from web.pictures import Bar, Picture, signup_bars
from web.rows import db
from web.services.statistics import protected
from web.services.statistics.protected import Counted, ProtectedFigures


@blueprint.get("/<int:series_id>/cijfers")
def figures(series_id: int) -> str:
    """Sign-ups per session and per dimension, as picture and as table."""
    series = series_for_me(series_id)
    counts = protected.counts(db.session, series, world.settings())
    return render_template(
        "organiser/figures.html",
        series=series,
        people=counts.people,
        small=world.settings().small_cell,
        step=world.settings().round_to,
        hidden=protected.HIDDEN,
        pictures=[_sessions(counts), *map(_dimension, counts.dimensions)] if counts.people else [],
    )


def _sessions(counts: ProtectedFigures) -> Picture:
    bars = [Bar(moment(session.starts), cell) for session, cell in counts.sessions]
    return signup_bars(_("Wanneer mensen kunnen"), _("Tijd"), bars, language())


def _dimension(counted: Counted) -> Picture:
    dimension = counted.dimension
    bars = [Bar(words(dimension.bubble(key).texts) if key else _("Niet verteld"), cell) for key, cell in counted.cells]
    return signup_bars(words(dimension.question), _("Antwoord"), bars, language())
