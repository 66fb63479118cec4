"""Sessions of staff: a row for every log-in, which ends after eight hours, at log-out, and when the ways in change."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import Flask, Response, flash, g, request, session
from flask_babel import gettext as _
from flask_login import user_logged_out
from flask_security import current_user, logout_user
from flask_security.signals import (
    password_changed,
    tf_code_confirmed,
    tf_profile_changed,
    user_authenticated,
    wan_deleted,
    wan_registered,
)
from sqlalchemy.exc import OperationalError

from web import access, stale_forms, world
from web.accounts import devices
from web.rows import StaffLogin, db
from web.services import logins

LOGIN, CODES_DUE, WHO = "login", "codes_due", "_user_id"
CHANGES = (password_changed, tf_profile_changed, wan_registered, wan_deleted)
"""After each of these the account is logged in here and nowhere else."""


def install(app: Flask) -> None:
    """Keep a row for every log-in, and ask for it at every request."""
    app.before_request(_check)
    app.after_request(_clear)
    user_authenticated.connect(_begin, app)
    user_logged_out.connect(_end, app)
    tf_code_confirmed.connect(_ask_for_codes, app)
    for change in CHANGES:
        change.connect(_end_others, app)


def secret() -> str:
    """What the cookie of this browser names its log-in by; '' without one."""
    return str(session.get(LOGIN, ""))


def _check() -> None:
    if request.endpoint == "static" or WHO not in session:
        return
    now = world.now()
    login = logins.find(db.session, secret())
    if login and current_user.is_authenticated and login.staff_id == access.me().id and logins.lasts(login, now):
        _notice(login, now)
        return
    over = login is not None and login.ends_at <= now
    logout_user()
    session.clear()
    g.logged_out = False
    if over:
        flash(_("Je bent uitgelogd, omdat je 8 uur geleden inlogde. Log opnieuw in."), "info")
    else:
        flash(_("Je bent uitgelogd. Log opnieuw in."), "info")


def _notice(login: StaffLogin, now: datetime) -> None:
    """In a transaction of its own: who looks at a page holds up nobody. A busy database costs only this."""
    try:
        if logins.notice(db.session, login, now):
            db.session.commit()
    except OperationalError:
        with suppress(OperationalError):
            db.session.rollback()


def _begin(app: Flask, user: Any, **more: object) -> None:
    """Somebody came in: the log-in that this browser had is over, and so is the token of forms from before."""
    logins.end(db.session, secret())
    session[LOGIN] = logins.begin(db.session, user, devices.recognise(request.user_agent.string), world.now())
    session.pop(stale_forms.TOKEN, None)
    g.pop(stale_forms.TOKEN, None)
    g.logged_in = user.email


def _end(app: Flask, user: Any, **more: object) -> None:
    logins.end(db.session, secret())
    g.logged_out = True


def _end_others(app: Flask, **more: object) -> None:
    logins.end_others(db.session, access.me(), secret())


def _clear(response: Response) -> Response:
    """Who logs out leaves nothing in the cookie; and nothing in the browser, as far as that listens."""
    if g.get("logged_out"):
        session.clear()
        if request.is_secure:
            response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _ask_for_codes(app: Flask, user: Any, **more: object) -> None:
    if not user.mf_recovery_codes:
        session[CODES_DUE] = True
