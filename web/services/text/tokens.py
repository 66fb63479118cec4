"""Secrets that travel in mail addresses."""

from __future__ import annotations

import secrets
from base64 import b32encode

from web.crypto import SECRET_BYTES


def new_token() -> str:
    """128 random bits in letters that survive every mail server: no capitals, no plus (calendar rules 6, 43)."""
    return b32encode(secrets.token_bytes(SECRET_BYTES)).decode().rstrip("=").lower()
