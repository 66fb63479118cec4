"""Routes of the administrator's pages."""

from __future__ import annotations

from flask import Blueprint, Response

from web import accounts
from web.rows.staff import ADMIN

blueprint = Blueprint("admin", __name__, url_prefix="/beheer", template_folder="templates")


@blueprint.before_request
def guard() -> Response | None:
    """Administrators only."""
    return accounts.signed_in(ADMIN)
