"""Staff accounts, carried by Flask-Security: password and one-time code, or a passkey."""

from __future__ import annotations

from flask import Flask, Response, current_app
from flask_security import Security, SQLAlchemyUserDatastore, current_user

from web import access
from web.rows import Role, Staff, WebAuthn, db

MINUTES = 60

SETTINGS = {
    "SECURITY_LOGIN_URL": "/inloggen",
    "SECURITY_LOGOUT_URL": "/uitloggen",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_POST_LOGIN_VIEW": "/werk/",
    "SECURITY_POST_LOGOUT_VIEW": "/",
    "SECURITY_PASSWORD_LENGTH_MIN": 12,
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_CHANGEABLE": True,
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_REQUIRED": True,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,
    "SECURITY_TWO_FACTOR_RESCUE_MAIL": "",
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_WEBAUTHN": True,
    "SECURITY_WAN_ALLOW_AS_FIRST_FACTOR": True,
    "SECURITY_WAN_ALLOW_AS_MULTI_FACTOR": True,
    "SECURITY_WAN_RP_NAME": "Re-bubbelen",
    "SECURITY_TOTP_ISSUER": "Re-bubbelen",
    "SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS": False,
    "SECURITY_TRACKABLE": False,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
}


def install(app: Flask, secrets: dict[str, object]) -> None:
    """Set up accounts. `secrets` holds SECURITY_PASSWORD_SALT and SECURITY_TOTP_SECRETS."""
    app.config.from_mapping({**SETTINGS, **secrets})
    app.security = Security(app, SQLAlchemyUserDatastore(db, Staff, Role, webauthn_model=WebAuthn))  # type: ignore[attr-defined]


def signed_in(*roles: str) -> Response | None:
    """The guard of a staff room: sends visitors to the door, and refuses accounts without the role."""
    if not current_user.is_authenticated:
        answer: Response = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return answer
    access.need_role(access.me(), *roles)
    return None
