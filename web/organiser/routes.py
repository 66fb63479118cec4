"""Routes of the organiser's pages."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from web import accounts
from web.rows.staff import COORDINATOR, ORGANISER

blueprint = Blueprint("organiser", __name__, url_prefix="/werk", template_folder="templates")


@blueprint.before_request
def guard() -> Response | None:
    """Nobody comes in without an account that works here."""
    return accounts.signed_in(ORGANISER, COORDINATOR)


@blueprint.get("/")
def home() -> str:
    """The meetings of this account, with what needs doing."""
    return render_template("organiser/home.html")
