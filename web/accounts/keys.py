"""Keys of the accounts, derived from those of the organisation; one-time codes and recovery codes sealed with them."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from typing import Any

import segno
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask_security import MfRecoveryCodesUtil, Totp
from passlib.totp import TOTP

from config import Secrets
from web.accounts import noting
from web.rows import db


def derived(secrets: Secrets) -> dict[str, Any]:
    """The settings that are secret. What is stored follows the keys of the database, and rotates with them.

    Never those of the session: after a leak that key is replaced, and everybody's app would stop working.
    """
    return {
        "SECURITY_PASSWORD_SALT": _derived(secrets.lookup, "password"),
        "SECURITY_TOTP_SECRETS": {_tag(key): _derived(key, "one-time codes") for key in secrets.keys},
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [_derived(key, "recovery codes") for key in secrets.keys],
    }


def _derived(key: bytes, purpose: str) -> str:
    """A key for one purpose (RFC 5869), in the form of a Fernet key."""
    return urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(key)).decode()


def _tag(key: bytes) -> str:
    """A name that stays with a key, wherever it stands in the list."""
    return hashlib.sha256(b"tag" + key).hexdigest()[:8]


class OneTimeCodes(Totp):
    """Writes with the first key, reads with all of them."""

    def __init__(self, secrets: dict[str, str], issuer: str) -> None:
        self._totp = TOTP.using(issuer=issuer, secrets=secrets, default_tag=next(iter(secrets)))

    def get_last_counter(self, user: Any) -> int | None:
        """Which code was used last."""
        counter: int | None = user.tf_last_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """A code opens once: who looked over a shoulder comes too late."""
        user.tf_last_counter = tmatch.counter
        db.session.commit()

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The picture as the address of an image; an image from `data:` is what our policy allows."""
        picture: str = segno.make(self.get_totp_uri(username, totp)).svg_data_uri(scale=5, border=2, light="white")
        return picture


class Codes(MfRecoveryCodesUtil):
    """Recovery codes as people type them: any case, with or without lines and spaces."""

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Whether this is one of the account's codes."""
        right = bool(super().check_recovery_code(user, _tidy(code)))
        if not right:
            # Flask-Security says so of passwords and one-time codes, and not of these.
            user.track_failed_authn("recovery code", tfa=True)
        return right

    def create_recovery_codes(self, user: Any) -> list[str]:
        """New codes in place of those that there were."""
        noting.note(user, "own codes")
        return super().create_recovery_codes(user)

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Use a code up."""
        return bool(super().delete_recovery_code(user, _tidy(code)))


def _tidy(code: str) -> str:
    letters = "".join(letter for letter in code.lower() if letter.isalnum())
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))
