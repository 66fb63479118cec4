"""The door of the resident's room: whose page it is, and how far such a page may travel."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g

from web import access
from web.rows import db

blueprint = Blueprint("resident", __name__, template_folder="templates")


@blueprint.url_value_preprocessor
def whose(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The sign-up of a personal link, before anything else: it also tells in which language to answer."""
    secret = (values or {}).get("secret")
    if secret is not None:
        g.signup = access.by_secret(db.session, secret)
        g.own_language = g.signup.language


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """An address that is a secret goes to no search engine and to no other page."""
    if "signup" in g:
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
