"""How the pages of the own organisation look: its colour, its logo, its picture."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug import Response
from wtforms import BooleanField, StringField
from wtforms.validators import Optional
from wtforms.widgets import ColorInput

from web import access, world
from web.admin.routes import blueprint
from web.errors import Mishap
from web.rows import HouseStyle, db
from web.services.organisations import house_style
from web.text_only import takes_file
from web.uploads import image_apart

IMAGE_BYTES = 20_000_000
"""A photo as a phone makes it."""
PLAIN = "#000000"
"""What a browser shows where no colour was chosen: it knows no empty one."""


class StyleForm(FlaskForm):
    """A colour of one's own or none, and two pictures; each can be left as it is, replaced, or taken away."""

    own_colour = BooleanField(_l("Gebruik een eigen kleur"))
    colour = StringField(
        _l("Kleur"),
        [Optional()],
        widget=ColorInput(),
        description=_l("De knop en de balk krijgen deze kleur. We maken hem donkerder of lichter als dat nodig is."),
    )
    logo = FileField(
        _l("Logo"), description=_l("Een png, jpg of webp. Het staat boven elke pagina, 40 beeldpunten hoog.")
    )
    without_logo = BooleanField(_l("Haal het logo weg"))
    picture = FileField(
        _l("Foto"),
        description=_l("Staat bij elke ontmoeting. Vraag mensen op de foto of ze dat goed vinden."),
    )
    without_picture = BooleanField(_l("Haal de foto weg"))

    def wanted(self) -> house_style.StyleChange:
        """What becomes of the style."""
        files = {name: self[name].data.read() for name in house_style.SHAPES if self[name].data}
        without = frozenset(name for name in house_style.SHAPES if self[f"without_{name}"].data)
        return house_style.StyleChange(self.colour.data or "" if self.own_colour.data else "", files, without)


@blueprint.url_value_preprocessor
def room_for_pictures(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """More than a form may hold; it has to be said before the check of the token reads what was sent."""
    if endpoint == f"{blueprint.name}.style":
        request.max_content_length = 2 * IMAGE_BYTES


@blueprint.route("/huisstijl", methods=["GET", "POST"])
@takes_file
def style() -> str | Response | tuple[str, int]:
    """Change how the pages look."""
    mine = access.me().organisation
    known = house_style.of(db.session, mine)
    form = StyleForm(data=_shown(known))
    if not form.validate_on_submit():
        return _page(form, known)
    read = partial(image_apart, folder=Path(current_app.instance_path) / "imports")
    try:
        house_style.change(db.session, mine, form.wanted(), read=read, by=access.me(), now=world.now())
    except Mishap as wrong:
        return _page(form, known, wrong)
    flash(_("De huisstijl is veranderd."), "success")
    return redirect(url_for("admin.style"))


def _shown(known: HouseStyle | None) -> dict[str, object]:
    colour = known.colour if known else ""
    return {"own_colour": bool(colour), "colour": colour or PLAIN}


def _page(form: StyleForm, known: HouseStyle | None, wrong: Mishap | None = None) -> tuple[str, int]:
    sentence = _(wrong.sentence) % wrong.values if wrong else ""
    page = render_template(
        "admin/style.html", form=form, style=known, organisation=access.me().organisation, wrong=sentence
    )
    return page, wrong.status if wrong else 200
