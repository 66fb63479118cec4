"""Routes of the public pages."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template

from web import stale_forms, terms, world
from web.errors import Missing
from web.rows import Organisation, db
from web.services import waiting
from web.services.organisations import organisations
from web.services.schedule import public_series

blueprint = Blueprint("public", __name__, template_folder="templates")


@blueprint.get("/")
def home() -> str:
    """What somebody can sign up for."""
    found = public_series.open_series(db.session, world.now())
    left = {series.id: waiting.places_left(db.session, series) for series in found}
    return render_template("public/home.html", series=found, left=left, now=world.now())


@blueprint.get("/privacy")
def privacy() -> str:
    """What we keep, why, and for how long."""
    return _privacy(organisations.public_ones(db.session))


@blueprint.get("/privacy/<organisation>")
def privacy_of(organisation: str) -> str:
    """The same, of one organisation: who is responsible, on what ground, and whom to ask."""
    found = organisations.public_ones(db.session, organisation)
    if not found:
        raise Missing
    return _privacy(found)


@blueprint.get("/toegankelijkheid")
def accessibility() -> str:
    """How accessible this is, and whom to tell what is not."""
    return render_template("public/accessibility.html")


@blueprint.get("/zo-maken-we-de-groepen")
def how() -> str:
    """How the groups are made, and who decides."""
    return render_template("public/how.html")


def _privacy(found: Sequence[Organisation]) -> str:
    kept = [term.words(world.settings()) for term in terms.TERMS]
    return render_template("public/privacy.html", organisations=found, kept=kept, open_hours=stale_forms.HOURS)
