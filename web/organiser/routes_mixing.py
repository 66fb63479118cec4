"""Routes of the pictures: how each table and the whole are mixed, where the project may see bubbles."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _

from web import languages, world
from web.errors import Missing
from web.organiser.board_words import BoardWords, token
from web.organiser.routes import blueprint
from web.organiser.routes_editor import look_at
from web.organiser.routes_proposals import ONE, proposal_for_me, viewed
from web.pictures import Picture, Row, Share, mix, overview
from web.services.groups.editor import mixing
from web.services.groups.editor.looking import BoardView, TableCard


@blueprint.get(f"{ONE}/beeld")
def pictures(series_id: int, id: int) -> str:
    """The picture of every table and of the whole; of one table for editor.js."""
    proposal = proposal_for_me(series_id, id)
    if not proposal.series.project.sees_bubbles:
        raise Missing
    viewed(proposal.series)
    look = look_at(proposal)
    words = BoardWords(look, world.settings(), languages.language())
    seen = {card.place: _shares(look, card) for table in look.tables for card in table.cards if card.people}
    if "tafel" in request.args:
        place = next((place for place in seen if token(place) == request.args["tafel"]), None)
        if place is None:
            raise Missing
        return render_template("organiser/editor_picture.html", picture=_mix(words, place, seen[place]))
    whole = overview([Row(words.table(place), shares) for place, shares in seen.items()], languages.language())
    return render_template(
        "organiser/editor_pictures.html",
        series=proposal.series,
        proposal=proposal,
        whole=whole,
        each=[(token(place), _mix(words, place, shares)) for place, shares in seen.items()],
    )


def _mix(words: BoardWords, place: tuple[str, int], shares: tuple[Share, ...]) -> Picture:
    return mix(words.table(place), shares, languages.language())


def _shares(look: BoardView, card: TableCard) -> tuple[Share, ...]:
    dimensions = mixing.dimensions_of(look.problem, world.settings())
    seated = [person for person in look.problem.people if person.id in card.group.people]
    return mixing.shares(seated, dimensions, _("niet verteld"), languages.language())
