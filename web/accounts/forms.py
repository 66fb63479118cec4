"""Flask-Security's forms, without what we do not offer: being remembered, mail, a passkey as second step."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_security import LoginForm, TwoFactorRescueForm, WebAuthnRegisterForm, WebAuthnSigninForm
from flask_security.webauthn import WebAuthnRegisterResponseForm, WebAuthnSigninResponseForm
from sqlalchemy.exc import SQLAlchemyError
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


class _Said:
    """JSON in a field of text: whatever stands there, also what no library expects, is a passkey that does not fit."""

    def validate(self, extra_validators: Any = None, **more: Any) -> bool:
        """Whether it is the passkey's own answer to our challenge."""
        try:
            return bool(super().validate(extra_validators=extra_validators, **more))  # type: ignore[misc]
        except SQLAlchemyError:
            raise
        except Exception:
            # Depth, kinds and bytes that WebAuthn's parsers stumble over in many ways of their own.
            self.credential.errors = [*self.credential.errors, _("Deze passkey past niet. Probeer het opnieuw.")]  # type: ignore[attr-defined]
            return False


class PasskeyAnswer(_Said, WebAuthnSigninResponseForm):
    """What the passkey said."""

    remember = HiddenField(filters=[_never])


class PasskeyMade(_Said, WebAuthnRegisterResponseForm):
    """What the browser said of a new passkey."""

    def validate(self, extra_validators: Any = None, **more: Any) -> bool:
        """The same. What is said of extensions is not kept: no page of ours shows it, and one would read it as JSON."""
        right = super().validate(extra_validators=extra_validators, **more)
        self.extensions = ""
        return right
