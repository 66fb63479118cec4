"""Which accounts Flask-Security may find, and what it asks of a passkey."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_security import PasswordUtil, SQLAlchemyUserDatastore, UserMixin, WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from web import world
from web.rows import Role, Staff, WebAuthn, db
from web.services.organisations import passwords


class AccountStore(SQLAlchemyUserDatastore):
    """Accounts of a demo organisation exist in the demo only, and no others exist there.

    Everything Flask-Security does with an account begins here: password, code, passkey and every later request.
    """

    def __init__(self) -> None:
        super().__init__(db, Staff, Role, webauthn_model=WebAuthn)

    def find_user(self, case_insensitive: bool = False, **which: Any) -> Staff | None:
        """The account with this e-mail address, or whatever else is unique; None if it may not come in here."""
        found = super().find_user(case_insensitive, **which)
        return (
            found if isinstance(found, Staff) and found.active and found.organisation.demo == world.is_demo() else None
        )

    def create_webauthn(self, user: UserMixin, *args: Any, **told: Any) -> None:
        """A new passkey, with the moment it was made."""
        super().create_webauthn(user, *args, **told, create_datetime=world.now())


class Passwords(PasswordUtil):
    """What somebody chooses as their own password is held to what others may choose for them."""

    def validate(self, password: str, is_register: bool, **told: Any) -> tuple[list[str] | None, str]:
        """What is wrong with it, if anything, and the password as it is kept."""
        faults, text = super().validate(password, is_register, **told)
        if not faults and passwords.is_guessable(text, told["user"]):
            return [_(passwords.GuessablePassword.sentence)], text
        return faults, text


class Passkeys(WebauthnUtil):
    """A passkey stands on its own: it names its owner, and the owner shows to be there (PIN, finger or face)."""

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        """Any kind will do: telephone, laptop or a key on a key ring."""
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        )

    def user_verification(self, user: Any, usage: list[str]) -> UserVerificationRequirement:
        """Always."""
        return UserVerificationRequirement.REQUIRED
