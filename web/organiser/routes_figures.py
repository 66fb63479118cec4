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
from web.services.statistics import figures as taken
from web.services.statistics.figures import Counted, SeriesFigures
from web.services.statistics.protected import HIDDEN


@blueprint.get("/<int:series_id>/cijfers")
def figures(series_id: int) -> str:
    """Sign-ups per session and per dimension, as picture and as table, as the last night took them."""
    series = series_for_me(series_id)
    found = taken.of_series(db.session, series, world.settings())
    return render_template(
        "organiser/figures.html",
        series=series,
        taken_at=found.taken_at,
        small=world.settings().small_cell,
        step=world.settings().round_to,
        hidden=HIDDEN,
        times=_sessions(found) if found.sessions else None,
        pictures=[(counted.people, _dimension(counted)) for counted in found.dimensions],
    )


def _sessions(found: SeriesFigures) -> Picture:
    bars = [Bar(moment(session.starts), cell) for session, cell in found.sessions]
    return signup_bars(_("Wanneer mensen kunnen"), _("Tijd"), bars, language())


def _dimension(counted: Counted) -> Picture:
    dimension = counted.dimension
    bars = [Bar(words(dimension.bubble(key).texts) if key else _("Niet verteld"), cell) for key, cell in counted.cells]
    return signup_bars(words(dimension.question), _("Antwoord"), bars, language())
