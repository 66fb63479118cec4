"""Guessing is slow: so many failures an hour for an account, and for an address, whatever the way in (promise 17)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request, session
from flask_limiter.util import get_remote_address
from flask_security import current_user, recovery_codes, views

from web.limits import limiter, per_hour
from web.services.organisations import accounts

View = Callable[..., Any]


def _named() -> str:
    return accounts.tidy_address(request.form.get("email", ""))


def _halfway() -> str:
    return str(session.get("tf_user_id", ""))


def _own() -> str:
    return current_user.get_id() or ""


def _failed(response: Response) -> bool:
    """A form that is shown again was a wrong guess; who is let in goes on to another page."""
    return response.status_code == 200


def _limited(view: View, whose: Callable[[], str]) -> View:
    for name, key in (("address", get_remote_address), ("account", whose)):
        limit = per_hour(f"logins_per_{name}_per_hour")
        told: dict[str, Any] = {"key_func": key, "methods": ["POST"], "deduct_when": _failed}
        view = limiter.shared_limit(limit, f"login {name}", **told)(view)
    return view


# Made once, because the limiter adds up what it is told of one view by every application.
LIMITED = {
    "login": _limited(views.login, _named),
    "two_factor_token_validation": _limited(views.two_factor_token_validation, _halfway),
    "mf_recovery": _limited(recovery_codes.mf_recovery, _halfway),
    "verify": _limited(views.verify, _own),
    "change_password": _limited(views.change_password, _own),
}
"""Every view where a password or a code can be tried, and whose it is. A passkey is nothing to guess."""


def install(app: Flask) -> None:
    """Put the limits on Flask-Security's views."""
    app.view_functions.update({f"security.{name}": view for name, view in LIMITED.items()})
