"""Routes of the page that shows where an account is logged in, and ends that."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from web import access, world
from web.accounts import devices, sessions
from web.crypto import hashed
from web.rows import db
from web.services import audit, logins

blueprint = Blueprint("account", __name__, url_prefix="/account/apparaten")


@blueprint.get("/")
def own() -> str:
    """Where this account is logged in."""
    return render_template(
        "security/logins.html",
        logins=logins.of(db.session, access.me(), world.now()),
        here=hashed(sessions.secret()),
        device=devices.words,
    )


@blueprint.post("/<int:login_id>/uit")
def end(login_id: int) -> Response:
    """Log out one browser; the one in which this is asked goes by the button to log out."""
    me = access.me()
    logins.end_one(db.session, me, login_id)
    audit.note(db.session, me, "login_ended", by=me, now=world.now())
    flash(_("Het apparaat is uitgelogd."), "ok")
    return redirect(url_for("account.own"))


@blueprint.post("/andere/uit")
def end_others() -> Response:
    """Log out everywhere but here."""
    me = access.me()
    ended = logins.end_others(db.session, me, sessions.secret())
    audit.note(db.session, me, "login_ended", by=me, now=world.now())
    flash(ngettext("%(num)s ander apparaat is uitgelogd.", "%(num)s andere apparaten zijn uitgelogd.", ended), "ok")
    return redirect(url_for("account.own"))
