"""The blueprint of the administrator's pages, its guard, and what is kept until when."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug import Response

from web import access, accounts, world
from web.admin import words
from web.admin.forms import ROLE_NAMES
from web.rows import db
from web.rows.staff import RoleName
from web.services import audit
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
    """What will be erased, and when."""
    settings = world.settings()
    kept = retention_overview.overview(db.session, access.me().organisation_id, settings.retention)
    return render_template("admin/retention.html", kept=kept, log_years=audit.YEARS, now=world.now())
