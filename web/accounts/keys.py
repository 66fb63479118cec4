"""Keys of the accounts, derived from those of the organisation; one-time codes and recovery codes sealed with them."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any, cast

import segno
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask_security import MfRecoveryCodesUtil, Totp
from passlib.totp import TOTP, TokenError
from sqlalchemy import Column, Table, Update, or_, update
from sqlalchemy.ext.mutable import MutableList

from config import Secrets
from web.crypto import Vault, tag
from web.rows import Staff, db, rowcount


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

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:
        """Whether this is a code of the account that opened nothing yet; then it is used up.

        A code opens once: who looked over a shoulder comes too late. It is looked at and used in one statement, which
        is committed by itself: of many who send it at the same moment one comes in.
        """
        try:
            match = self._totp.verify(token, totp_secret, window=window, last_counter=user.tf_last_counter)
        except TokenError:
            return False
        fresh = or_(Staff.tf_last_counter.is_(None), Staff.tf_last_counter < match.counter)
        used = update(Staff).where(Staff.id == user.id, fresh).values(tf_last_counter=match.counter)
        return _kept(used)

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The picture as the address of an image; an image from `data:` is what our policy allows."""
        picture: str = segno.make(self.get_totp_uri(username, totp)).svg_data_uri(scale=5, border=2, light="white")
        return picture


class Codes(MfRecoveryCodesUtil):
    """Recovery codes as people type them: any case, with or without lines and spaces."""

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Whether this is one of the account's codes; then it is used up, at once and for everybody who sends it.

        The list is replaced only as it was read. If another code went meanwhile, it is read again.
        """
        typed = _tidy(code)
        while used := next((one for one in user.mf_recovery_codes or () if self._is(one, typed)), None):
            before = list(user.mf_recovery_codes)
            after = [one for one in before if one != used]
            same = Staff.mf_recovery_codes == MutableList(before)
            if _kept(update(Staff).where(Staff.id == user.id, same).values(mf_recovery_codes=after)):
                return True
            db.session.refresh(user)
        return False

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        """Done when it was looked at."""
        return True

    def _is(self, sealed: str, typed: str) -> bool:
        return typed in self._decrypt_codes([sealed])


def _kept(change: Update) -> bool:
    """Whether a change found its row. It counts also for a request that is refused afterwards."""
    found = rowcount(db.session.execute(change, execution_options={"synchronize_session": False})) == 1
    db.session.commit()
    return found


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
