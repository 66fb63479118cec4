"""The PIN of a door: how long it is, how often it may be wrong, and what is kept of it."""

from __future__ import annotations

from web.crypto import Vault

PIN_DIGITS = 6
TRIES = 5


def spiced(vault: Vault, secret: str, pin: str) -> str:
    """A million PINs are soon tried, also slowly; without the key and the link there is nothing to try them on."""
    return vault.fingerprint("pin", f"{secret}\0{pin}")
