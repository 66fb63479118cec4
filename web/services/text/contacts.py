"""How somebody can be reached, in one normal form, and the keyed hashes to find them by."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from web.crypto import Vault

_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff]")


def plain(text: str | None) -> str:
    """What somebody typed, without control characters and with single spaces; line breaks stay."""
    lines = _INVISIBLE.sub("", unicodedata.normalize("NFC", text or "").replace("\r\n", "\n")).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def email(text: str) -> str | None:
    """An address as it is used, or None if it cannot be one; nobody is asked whether it exists."""
    try:
        return validate_email(plain(text), check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def phone(text: str, country: str = "NL") -> str | None:
    """A phone number as +31612345678, or None if it cannot be one."""
    try:
        number = phonenumbers.parse(plain(text), country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def name_hash(vault: Vault, name: str) -> str:
    """The same for 'Fatma', ' fatma ' and 'FATMA'."""
    return vault.fingerprint("name", plain(name).casefold())


def email_hash(vault: Vault, address: str | None) -> str | None:
    """The same whatever the capitals."""
    return vault.fingerprint("email", address.casefold()) if address else None


def phone_hash(vault: Vault, number: str | None) -> str | None:
    """The same however it was typed: numbers arrive in their normal form."""
    return vault.fingerprint("phone", number) if number else None
