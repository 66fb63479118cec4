"""Lines in the audit log of who comes in, goes out, fails to come in, and changes the own way in (promise 13)."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, after_this_request
from flask_login import user_logged_in, user_logged_out
from flask_security import password_changed, tf_profile_changed, user_failed_authn, wan_deleted, wan_registered

from web import world
from web.rows import Staff, db
from web.services import audit
from web.transaction import transaction

SOMEBODY = "somebody"
"""Who stands in the line of a log-in that failed: it need not be the owner of the account."""


def install(app: Flask) -> None:
    """Listen to what Flask-Security says of an account."""
    user_logged_in.connect(_came_in, app)
    user_logged_out.connect(_went_out, app)
    user_failed_authn.connect(_failed, app)
    password_changed.connect(_new_password, app)
    tf_profile_changed.connect(_new_app, app)
    wan_registered.connect(_other_passkeys, app)
    wan_deleted.connect(_other_passkeys, app)


def _came_in(app: Flask, user: Any, **more: object) -> None:
    note(user, "logged in")


def _went_out(app: Flask, user: Any, **more: object) -> None:
    # A session that is over ends before there is a view, whose transaction this could be a part of.
    if isinstance(_account(user), Staff):
        with transaction(db.session):
            note(user, "logged out")


def _failed(app: Flask, user: Any, **more: object) -> None:
    """Once the answer has left: whether an address has an account may not be read from how long an answer takes."""
    id = user.id

    def write() -> None:
        with app.app_context(), transaction(db.session):
            account = db.session.get(Staff, id)
            if account is not None:
                audit.note(db.session, account, "login failed", by=SOMEBODY, now=world.now())

    @after_this_request
    def later(response: Response) -> Response:
        response.call_on_close(write)
        return response


def _new_password(app: Flask, user: Any, **more: object) -> None:
    note(user, "own password")


def _new_app(app: Flask, user: Any, **more: object) -> None:
    note(user, "own app")


def _other_passkeys(app: Flask, user: Any, **more: object) -> None:
    note(user, "own passkey")


def note(user: Any, what: str) -> None:
    """A line about an account by itself."""
    account = _account(user)
    audit.note(db.session, account, what, by=account, now=world.now())


def _account(user: Any) -> Any:
    """The row itself, and not what stands for it during a request."""
    return user._get_current_object() if hasattr(user, "_get_current_object") else user
