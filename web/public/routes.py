"""Routes of the public pages."""

from __future__ import annotations

from flask import Blueprint, render_template

from web import world
from web.rows import db
from web.services.schedule import public_series

blueprint = Blueprint("public", __name__, template_folder="templates")


@blueprint.get("/")
def home() -> str:
    """What somebody can sign up for."""
    return render_template(
        "public/home.html", series=public_series.open_series(db.session, world.now()), now=world.now()
    )


@blueprint.get("/privacy")
def privacy() -> str:
    """What we keep, why, and for how long."""
    return render_template("public/privacy.html")


@blueprint.get("/toegankelijkheid")
def accessibility() -> str:
    """How accessible this is, and whom to tell what is not."""
    return render_template("public/accessibility.html")


@blueprint.get("/zo-maken-we-de-groepen")
def how() -> str:
    """How the groups are made, and who decides."""
    return render_template("public/how.html")
