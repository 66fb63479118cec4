"""Sessions end: eight hours after signing in, whatever somebody did in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, flash, request, session
from flask_babel import gettext as _
from flask_security import logout_user
from flask_security.signals import tf_code_confirmed

from web import world

LENGTH = timedelta(hours=8)
SINCE, CODES_DUE, WHO = "since", "codes_due", "_user_id"


def install(app: Flask) -> None:
    """Stamp every session when it begins, and end it when it is over."""
    app.before_request(_end)
    app.after_request(_stamp)
    tf_code_confirmed.connect(_ask_for_codes, app)


def _end() -> None:
    if request.endpoint == "static" or WHO not in session or SINCE not in session:
        return
    if world.now() - datetime.fromisoformat(session[SINCE]) >= LENGTH:
        logout_user()
        session.clear()
        flash(_("Je bent uitgelogd, omdat je 8 uur geleden inlogde. Log opnieuw in."), "info")


def _stamp(response: Response) -> Response:
    """Nobody gets a signed-in session without a stamp: the answer that signs somebody in already carries it."""
    if request.endpoint == "static":
        return response
    if WHO in session and SINCE not in session:
        session[SINCE] = world.now().isoformat()
    if WHO not in session and SINCE in session:
        session.clear()
    return response


def _ask_for_codes(app: Flask, user: Any, **more: object) -> None:
    if not user.mf_recovery_codes:
        session[CODES_DUE] = True
