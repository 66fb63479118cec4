"""The blueprint of the administrator's pages, its guard, and what is kept until when."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from web import access, accounts, terms, world
from web.admin import words
from web.admin.forms import ROLE_NAMES
from web.rows import db
from web.rows.staff import RoleName
from web.services import known_time
from web.services.messages.scheduled import clock_watch
from web.services.privacy import retention_overview

blueprint = Blueprint("admin", __name__, url_prefix="/beheer", template_folder="templates")


@blueprint.before_request
def guard() -> Response | None:
    """Administrators only."""
    return accounts.signed_in(RoleName.ADMIN)


@blueprint.context_processor
def vocabulary() -> dict[str, object]:
    """How the pages of this room name things."""
    return {
        "happened": words.happened,
        "somebody": words.somebody,
        "date": words.date,
        "date_and_time": words.date_and_time,
        "role_names": ROLE_NAMES,
    }


@blueprint.get("/bewaren")
def retention() -> str:
    """What will be erased, and when; and whether the clock by which that happens can be believed."""
    settings = world.settings()
    kept = retention_overview.overview(db.session, access.me().organisation_id, settings.retention)
    sure = known_time.is_sure(db.session, world.now())
    return render_template(
        "admin/retention.html",
        kept=kept,
        now=world.now(),
        doubted=None if sure else known_time.known(db.session),
        terms=[term.words(settings) for term in terms.TERMS],
    )


@blueprint.post("/bewaren/klok")
def clock_is_right() -> Response:
    """Somebody looked at the clock: what waited goes on."""
    clock_watch.confirm(db.session, by=access.me(), now=world.now())
    flash(_("Goed. Wat wachtte, gaat nu door."), "success")
    return redirect(url_for("admin.retention"))
