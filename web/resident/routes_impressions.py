"""Routes after a meeting: how was it? Three faces, and nobody knows whose (P23)."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from web import world
from web.limits import limiter
from web.resident.routes import blueprint
from web.rows import db
from web.rows.invitations import MOODS
from web.services.invitations.rsvp import feedback

LOOSE = "200/hour"
"""Everybody of an evening may answer on the one tablet of the community house."""


@blueprint.route("/hoe-was-het/<key>", methods=["GET", "POST"])
@limiter.limit(LOOSE, methods=["POST"])
def how_was_it(key: str) -> str | Response:
    """How was it? A link only asks; a face counts."""
    gathering = feedback.by_key(db.session, key, world.now(), world.vault())
    if request.method != "POST":
        return render_template("resident/how_was_it.html", key=key, gathering=gathering, moods=MOODS)
    feedback.add(db.session, gathering, request.form.get("mood", ""))
    return redirect(url_for(".thanks"))


@blueprint.get("/hoe-was-het")
def thanks() -> str:
    """Thank you."""
    return render_template("resident/thanks.html")
