"""Sealing of personal data, and keyed fingerprints to look people up without storing how to reach them."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

SECRET_BYTES = 16
"""A link holds 128 bits, so it cannot be guessed (promise 12)."""
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No I, O, 0 or 1: a code is read over the phone and copied by hand."""


class Vault:
    """Seals values with the first key and opens them with any: two keys are valid at once while keys rotate."""

    def __init__(self, keys: Sequence[bytes], lookup: bytes) -> None:
        self._by_tag = {tag(key): Fernet(key) for key in keys}
        self._fernet = MultiFernet(list(self._by_tag.values()))
        self._lookup = lookup
        self.tags = tuple(self._by_tag)
        self.lookup_tag = tag(lookup)

    def seal(self, value: Any) -> str:
        """Any JSON value as authenticated, encrypted text."""
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False).encode()).decode()

    def open(self, sealed: str, ttl: int | None = None) -> Any:
        """What was sealed, not longer than `ttl` seconds ago. Raises InvalidToken if it was changed or is too old."""
        return json.loads(self._fernet.decrypt(sealed.encode(), ttl))

    def opened(self, sealed: str | None, ttl: int | None = None) -> Any:
        """Like `open`, for what a visitor hands in: None if it is not ours, changed or too old."""
        try:
            return self.open(sealed, ttl) if sealed else None
        except (InvalidToken, ValueError, UnicodeError):
            return None

    def resealed(self, sealed: str) -> str:
        """The same under the first key, or the very same text if it is already. Raises InvalidToken without its key."""
        token = sealed.encode()
        with suppress(InvalidToken):
            self._by_tag[self.tags[0]].decrypt(token)
            return sealed
        return self._fernet.rotate(token).decode()

    def fingerprint(self, kind: str, text: str) -> str:
        """A keyed hash: equal texts of one kind are equal, and nobody without the key can try addresses."""
        return hmac.new(self._lookup, f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()


def tag(key: bytes) -> str:
    """A name for a key, wherever it stands in the list; it says nothing about the key."""
    return hashlib.sha256(b"tag" + key).hexdigest()[:8]


def new_secret() -> str:
    """A fresh secret for a link, in small letters and digits: who types it over need not see capitals."""
    return secrets.token_hex(SECRET_BYTES)


def hashed(secret: str) -> str:
    """How a link's secret is stored; 128 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_code(length: int = 6) -> str:
    """A short code for people to write down."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(length))
