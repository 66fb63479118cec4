"""Guards around Flask-Security's views: what works once works once, and looking at a page ends nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, flash, redirect, session, url_for
from flask_babel import gettext as _
from flask_security import current_user
from flask_security.tf_plugin import tf_clean_session
from flask_security.utils import check_and_get_token_status
from werkzeug import Response

from web import world
from web.rows import db
from web.services import logins

View = Callable[..., Any]
SINGLE = {
    "wan_signin_response": ("wan", "WAN_SIGNIN_WITHIN", "wan_signin"),
    "wan_verify_response": ("wan", "WAN_SIGNIN_WITHIN", "wan_verify"),
    "wan_register_response": ("wan", "WAN_REGISTER_WITHIN", "wan_register"),
    "two_factor_setup_validate": ("tf_setup", "TWO_FACTOR_SETUP_WITHIN", "two_factor_setup"),
}
"""Views that take a signed token: which signature, how long it lasts, and where somebody gets the next one."""
SETTING_UP = ("setup_from_login", "validating_profile")


def install(app: Flask) -> None:
    """Put the guards around the views."""
    views = app.view_functions
    for name, (signature, within, start) in SINGLE.items():
        views[f"security.{name}"] = _once(views[f"security.{name}"], signature, within, start)
    for name in ("two_factor_setup", "two_factor_token_validation"):
        views[f"security.{name}"] = _half_way(views[f"security.{name}"])


def _once(view: View, signature: str, within: str, start: str) -> View:
    """A token is used up by the first who sends it, whatever comes of it: what was overheard opens nothing more."""

    @wraps(view)
    def guarded(token: str) -> Any:
        lasts = current_app.config[f"SECURITY_{within}"]
        expired, invalid, _state = check_and_get_token_status(token, signature, lasts)
        if not (expired or invalid) and not logins.spend(db.session, token, world.now() + lasts):
            flash(_("Dit is al een keer gebruikt. Probeer het opnieuw."), "error")
            return redirect(url_for(f"security.{start}"))
        return view(token)

    return guarded


def _half_way(view: View) -> View:
    """Who is in, and not setting up an app, has nothing to do at the page for a code: they go on where they work.

    Without this Flask-Security logs them out, also when a picture on another site made the browser ask. And whoever
    began to set up an app before the owner did may not put it in the place of the owner's.
    """

    @wraps(view)
    def guarded() -> Any:
        setting_up = session.get("tf_state") in SETTING_UP
        if current_user.is_authenticated and not setting_up and view.__name__ == "two_factor_token_validation":
            return redirect(current_app.config["SECURITY_POST_LOGIN_VIEW"])
        if not current_user.is_authenticated and setting_up and _has_app(session.get("tf_user_id", "")):
            return _from_the_start()
        return view()

    return guarded


def _has_app(uniquifier: str) -> bool:
    account = current_app.security.datastore.find_user(fs_uniquifier=uniquifier)  # type: ignore[attr-defined]
    return account is not None and bool(account.tf_totp_secret)


def _from_the_start() -> Response:
    tf_clean_session()  # type: ignore[no-untyped-call]
    flash(_("Dit account heeft al een app met codes. Log opnieuw in."), "error")
    return redirect(url_for("security.login"))
