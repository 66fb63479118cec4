"""The keyed hashes by which a database without its key tells nothing, and by which somebody is recognised."""

from __future__ import annotations

from web.crypto import Vault
from web.identity import addresses, names

FORM = 2
"""Which canonical forms the hashes of a sign-up were made with; one more whenever a form changes."""


def name_hash(vault: Vault, name: str) -> str:
    """The same for 'Fatma', ' fatma ' and 'FATMA'."""
    return vault.fingerprint("name", names.canonical(name))


def email_hash(vault: Vault, address: str | None) -> str | None:
    """The same whatever the capitals, and however its domain is written."""
    return vault.fingerprint("email", addresses.canonical(address)) if address else None


def phone_hash(vault: Vault, number: str | None) -> str | None:
    """Of a number as +31612345678."""
    return vault.fingerprint("phone", number) if number else None
