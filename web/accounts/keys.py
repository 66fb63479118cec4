"""Keys of the accounts, derived from those of the organisation; one-time codes and recovery codes sealed with them."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any, cast

import segno
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask_security import MfRecoveryCodesUtil, Totp
from passlib.totp import TOTP
from sqlalchemy import Column, Table

from config import Secrets
from web.crypto import Vault, tag
from web.rows import Staff, db


def derived(secrets: Secrets) -> dict[str, Any]:
    """The settings that are secret. What is stored follows the keys of the database, and rotates with them.

    Never those of the session: after a leak that key is replaced, and everybody's app would stop working.
    """
    return {
        "SECURITY_PASSWORD_SALT": _derived(secrets.lookup, "password"),
        "SECURITY_TOTP_SECRETS": {tag(key): _derived(key, "one-time codes") for key in secrets.keys},
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [_derived(key, "recovery codes") for key in secrets.keys],
    }


def _derived(key: bytes, purpose: str) -> str:
    """A key for one purpose (RFC 5869), in the form of a Fernet key."""
    return urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(key)).decode()


class OneTimeCodes(Totp):
    """Writes with the first key, reads with all of them."""

    def __init__(self, secrets: dict[str, str], issuer: str) -> None:
        self._totp = TOTP.using(issuer=issuer, secrets=secrets, default_tag=next(iter(secrets)))

    def resealed(self, stored: str) -> str:
        """The same secret under the first key, or the very same text if it is already. Raises for a lost key."""
        code = self._totp.from_source(stored)
        return code.to_json(encrypt=True) if code.changed else stored

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
        return bool(super().check_recovery_code(user, _tidy(code)))

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Use a code up."""
        return bool(super().delete_recovery_code(user, _tidy(code)))


def resealing(secrets: Secrets) -> dict[Column[Any], Callable[[str], str]]:
    """By column of an account what seals its text anew; `Sealed` columns are not among them: they say so themselves."""
    settings = derived(secrets)
    codes = OneTimeCodes(settings["SECURITY_TOTP_SECRETS"], "")
    recovery = Vault([key.encode() for key in settings["SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS"]], secrets.lookup)
    anew: dict[str, Callable[[str], str]] = {
        "tf_totp_secret": codes.resealed,
        "mf_recovery_codes": lambda text: ",".join(recovery.resealed(one) for one in text.split(",") if one),
    }
    return {column: anew[column.name] for column in cast(Table, Staff.__table__).columns if column.name in anew}


def _tidy(code: str) -> str:
    letters = "".join(letter for letter in code.lower() if letter.isalnum())
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))
