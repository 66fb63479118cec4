"""Routes of the poster and the paper form."""

from __future__ import annotations

from flask import Response, abort, request
from flask_babel import force_locale

from web import announcing, world
from web.errors import Missing
from web.languages import language
from web.organiser import papers
from web.organiser.routes import blueprint, series_for_me
from web.printing import paper_form as print_form
from web.printing import poster as print_poster
from web.rows import Series
from web.rows.organisation import Block


def _language() -> str:
    asked = request.args.get("in", language())
    return asked if asked in world.settings().languages else abort(404)


def _pdf(data: bytes, series: Series, name: str) -> Response:
    answer = Response(data, content_type="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"{name}-{series.slug}.pdf")
    return answer


@blueprint.get("/<int:series_id>/poster.pdf")
def poster(series_id: int) -> Response:
    """A poster with the short address and its QR code."""
    series, code = series_for_me(series_id), _language()
    with force_locale(code):
        paper = announcing.poster_of(series, world.settings(), announcing.address(series), world.now())
    return _pdf(print_poster(paper, code), series, "poster")


@blueprint.get("/<int:series_id>/formulier.pdf")
def paper_form(series_id: int) -> Response:
    """The sign-up on paper, with the same questions as on the web."""
    series, code = series_for_me(series_id), _language()
    if not series.project.has(Block.PAPER):
        raise Missing
    with force_locale(code):
        paper = papers.form_of(series, world.settings(), world.now())
    return _pdf(print_form(paper, code), series, "formulier")
