"""Guessing is slow, and locks nobody out: failures are counted for a place, for an account there, and everywhere.

A browser in which somebody logged in before has counters of its own, so wrong guesses of others do not stand in its way
(OWASP, Slow Down Online Guessing Attacks with Device Cookies). A passkey is nothing to guess.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask_limiter.util import get_remote_address
from flask_security import current_user, recovery_codes, views
from itsdangerous import BadData, URLSafeTimedSerializer

from web import world
from web.crypto import new_secret
from web.limits import limiter, per_hour
from web.services.organisations import accounts

View = Callable[..., Any]
Key = Callable[[], str]
EVERYWHERE = 10
"""So many times what fails for an account at one address may fail for it at all addresses that it never came from."""
COOKIE = "known_device"
KNOWN_FOR = timedelta(days=180)
ACCOUNTS = 5
"""Of so many accounts a browser is known to be; the office computer."""


def _named() -> str:
    return accounts.tidy_address(request.form.get("email", ""))


def _halfway() -> str:
    found = current_app.security.datastore.find_user(fs_uniquifier=session.get("tf_user_id", ""))  # type: ignore[attr-defined]
    return found.email if found else ""


def _own() -> str:
    return current_user.email if current_user.is_authenticated else ""


def _failed(response: Response) -> bool:
    """A form that is shown again was a wrong guess; who is let in goes on to another page."""
    return response.status_code == 200


def _limited(view: View, whose: Key) -> View:
    def by(unknown: Key) -> Key:
        return lambda: _device(whose()) or unknown()

    for name, limit, key in (
        ("login address", per_hour("logins_per_address_per_hour"), get_remote_address),
        ("login account here", per_hour("logins_per_account_per_hour"), lambda: f"{whose()} {get_remote_address()}"),
        ("login account", per_hour("logins_per_account_per_hour", EVERYWHERE), whose),
    ):
        told: dict[str, Any] = {"key_func": by(key), "methods": ["POST"], "deduct_when": _failed}
        view = limiter.shared_limit(limit, name, **told)(view)
    return view


# Made once, because the limiter adds up what it is told of one view by every application.
LIMITED = {
    "login": _limited(views.login, _named),
    "two_factor_token_validation": _limited(views.two_factor_token_validation, _halfway),
    "mf_recovery": _limited(recovery_codes.mf_recovery, _halfway),
    "verify": _limited(views.verify, _own),
    "change_password": _limited(views.change_password, _own),
}
"""Every view where a password or a code can be tried, and the address of the account that it is tried for."""


def install(app: Flask) -> None:
    """Put the limits on Flask-Security's views, and let a browser be known once somebody came in with it."""
    app.view_functions.update({f"security.{name}": view for name, view in LIMITED.items()})
    app.after_request(_remember)


def _device(email: str) -> str:
    """The name of this browser, if this account came in with it before."""
    return _known().get(_mark(email), "") if email else ""


def _remember(response: Response) -> Response:
    """Who came in with password and code, or a passkey, is known by this browser from now on."""
    email = g.pop("logged_in", "")
    if email:
        others = [(mark, name) for mark, name in _known().items() if mark != _mark(email)]
        known = dict([(_mark(email), f"device {new_secret()}"), *others][:ACCOUNTS])
        response.set_cookie(
            COOKIE,
            _signer().dumps(known),
            max_age=KNOWN_FOR,
            path=current_app.config["SECURITY_LOGIN_URL"],
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response


def _known() -> dict[str, str]:
    try:
        found: dict[str, str] = _signer().loads(request.cookies.get(COOKIE, ""), max_age=int(KNOWN_FOR.total_seconds()))
    except BadData:
        return {}
    return found


def _mark(email: str) -> str:
    """An account as the cookie names it: it tells nobody who works here."""
    return world.vault().fingerprint("device", email)[:20]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="known device")
