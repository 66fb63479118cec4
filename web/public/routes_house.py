"""What a browser fetches of an organisation's own look: a style sheet and two pictures, the same for everybody."""

from __future__ import annotations

from flask import Response, render_template, request

from web.errors import Missing
from web.public.routes import blueprint
from web.rows import HouseStyle, db
from web.services.organisations import house_style

YEAR = 365 * 24 * 3600
MINUTES = 300


@blueprint.get("/huisstijl/<organisation>/kleur.css")
def house_colour(organisation: str) -> Response:
    """The organisation's colour, as tokens of the theme."""
    style = _style(organisation)
    if not style.colour:
        raise Missing
    sheet = render_template("public/house.css", colour=style.colour)
    return _kept(Response(sheet, content_type="text/css; charset=utf-8"), style)


@blueprint.get("/huisstijl/<organisation>/logo.png")
def house_logo(organisation: str) -> Response:
    """The organisation's logo."""
    return _picture(_style(organisation), "logo", "image/png")


@blueprint.get("/huisstijl/<organisation>/foto.jpg")
def house_picture(organisation: str) -> Response:
    """The organisation's picture."""
    return _picture(_style(organisation), "picture", "image/jpeg")


def _style(organisation: str) -> HouseStyle:
    style = house_style.at(db.session, organisation)
    if style is None:
        raise Missing
    return style


def _picture(style: HouseStyle, name: str, kind: str) -> Response:
    data: bytes | None = getattr(style, name)
    if data is None:
        raise Missing
    return _kept(Response(data, content_type=kind), style)


def _kept(response: Response, style: HouseStyle) -> Response:
    """An address with the version in it never changes what it gives; one without may do so at any time."""
    response.cache_control.public = True
    response.cache_control.max_age = YEAR if request.args.get("v") == style.version else MINUTES
    return response
