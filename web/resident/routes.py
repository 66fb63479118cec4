"""The door of the resident's room: whose page it is, and how far such a page may travel."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request
from sqlalchemy import select

from web import access
from web.crypto import hashed
from web.errors import Missing
from web.rows import Offer, Project, Signup, db
from web.services.invitations.rsvp import answer
from web.services.outbox import allowance
from web.services.schedule import public_series
from web.services.signups import lost_link

blueprint = Blueprint("resident", __name__, template_folder="templates")

SECRETS = ("secret", "token", "offered", "key")
"""Arguments of routes that open a page to whoever has them; each opens its own page and no other."""


@blueprint.url_value_preprocessor
def whose(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The sign-up, invitation or offer of a link, before anything else: it also tells in which language to answer."""
    known = values or {}
    if "secret" in known:
        g.signup = access.by_secret(db.session, known["secret"])
        g.own_language = g.signup.language
    elif "token" in known:
        g.invitation = answer.by_token(db.session, known["token"])
        g.own_language = g.invitation.signup.language
    elif "offered" in known:
        g.offer = _offer(known["offered"])
        g.own_language = g.offer.signup.language


@blueprint.before_request
def only_link() -> None:
    """After the check that a form is ours: who presses a button on a page keeps its link, and no other."""
    if request.method == "POST" and "secret" in (request.view_args or {}):
        lost_link.use(g.signup, (request.view_args or {})["secret"])


@blueprint.before_request
def anybody() -> None:
    """Whoever acts here may have typed the address of somebody else: the letters that it causes are counted."""
    allowance.from_outside(db.session, request.method == "POST")


@blueprint.teardown_request
def nobody(_error: BaseException | None) -> None:
    """What follows in the same session is not theirs."""
    allowance.from_outside(db.session, False)


@blueprint.context_processor
def whom_to_call() -> dict[str, Any]:
    """`project_here()` of a page: the project that it is about, if there is one; asked for only when it is shown."""
    return {"project_here": _project_here}


def _project_here() -> Project | None:
    known = g.get("invitation") or g.get("offer")
    signup: Signup | None = known.signup if known else g.get("signup")
    if signup is not None:
        return signup.series.project
    place = request.view_args or {}
    try:
        return public_series.series_at(db.session, place["organisation"], place["slug"]).project
    except (KeyError, Missing):
        return None


def _offer(token: str) -> Offer:
    found = db.session.scalars(select(Offer).where(Offer.token_hash == hashed(token.lower()))).one_or_none()
    if found is None:
        raise Missing
    return found


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """An address that is a secret goes to no search engine and to no other page."""
    if any(name in SECRETS for name in request.view_args or ()):
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
