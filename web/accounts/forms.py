"""Flask-Security's forms, without what we do not offer: being remembered, mail, a passkey as second step."""

from __future__ import annotations

from typing import Any

from flask_security import LoginForm, TwoFactorRescueForm, WebAuthnRegisterForm, WebAuthnSigninForm
from flask_security.webauthn import WebAuthnSigninResponseForm
from wtforms import BooleanField, HiddenField, RadioField


def _never(value: Any) -> bool:
    """Somebody who is remembered has a session that does not end, whatever a browser sends."""
    return False


class Login(LoginForm):
    """E-mail address and password."""

    remember = BooleanField(filters=[_never])


class Rescue(TwoFactorRescueForm):
    """Flask-Security adds the recovery codes; it would mail us, but there is nobody to read that."""

    help_setup = RadioField(choices=[])


class PasskeyName(WebAuthnRegisterForm):
    """What to call a new passkey."""

    usage = RadioField(choices=[("first", "")], default="first")


class PasskeyStart(WebAuthnSigninForm):
    """Nothing to fill in: the passkey says who it is."""

    remember = BooleanField(filters=[_never])


class PasskeyAnswer(WebAuthnSigninResponseForm):
    """What the passkey said."""

    remember = HiddenField(filters=[_never])
