"""How Flask-Security is set: which ways in there are, how long they last, and under which address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from web import world
from web.services.organisations.passwords import LENGTH

ADDRESSES = {
    "SECURITY_LOGIN_URL": "/inloggen",
    "SECURITY_LOGOUT_URL": "/uitloggen",
    "SECURITY_POST_LOGIN_VIEW": "/werk/",
    "SECURITY_POST_LOGOUT_VIEW": "/",
    "SECURITY_CHANGE_URL": "/account/wachtwoord",
    "SECURITY_VERIFY_URL": "/account/nog-een-keer",
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/account/herstelcodes",
    "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/inloggen/herstelcode",
    "SECURITY_TWO_FACTOR_SETUP_URL": "/account/app",
    "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/inloggen/code",
    "SECURITY_TWO_FACTOR_RESCUE_URL": "/inloggen/hulp",
    "SECURITY_TWO_FACTOR_SELECT_URL": "/inloggen/kies",
    "SECURITY_WAN_REGISTER_URL": "/account/passkey",
    "SECURITY_WAN_DELETE_URL": "/account/passkey-weg",
    "SECURITY_WAN_SIGNIN_URL": "/inloggen/passkey",
    "SECURITY_WAN_VERIFY_URL": "/account/nog-een-keer-passkey",
}

SETTINGS: dict[str, Any] = {
    **ADDRESSES,
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_PASSWORD_LENGTH_MIN": LENGTH,
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_CHANGEABLE": True,
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": True,
    # One step of thirty seconds early or late: for a telephone whose clock is a little off.
    "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
    "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
    "SECURITY_FRESHNESS": timedelta(hours=1),
    "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=10),
    "SECURITY_WEBAUTHN": True,
    "SECURITY_WAN_ALLOW_AS_FIRST_FACTOR": True,
    "SECURITY_WAN_ALLOW_AS_MULTI_FACTOR": True,
    "SECURITY_WAN_ALLOW_AS_VERIFY": ["first"],
    # Nobody can ask whether an address has an account: the passkey itself says whose it is.
    "SECURITY_WAN_ALLOW_USER_HINTS": False,
    "SECURITY_WAN_RP_NAME": "Re-bubbelen",
    "SECURITY_TOTP_ISSUER": "Re-bubbelen",
    # It would write them in a form that browsers do not read; ours stand in web.headers.
    "SECURITY_CACHE_CONTROL": {},
    "SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS": False,
    "SECURITY_TRACKABLE": False,
    "SECURITY_DATETIME_FACTORY": world.now,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
}
