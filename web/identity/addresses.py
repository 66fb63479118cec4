"""E-mail addresses: which we can mail, and the one form in which two of them are compared."""

from __future__ import annotations

import re
from urllib.parse import unquote

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from web.identity import faults
from web.identity.text import one_line, unseen_out

LONGEST = 254
"""Characters of an address on the envelope of a mail (RFC 5321); no longer one is looked at."""
_SCHEME = re.compile(r"^(?:mailto:)+", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[^<>]*<([^<>]*)>\W*")
_DOTLESS = ("gmail.com", "googlemail.com")
_AFTER = ".,;:)]>\"'"


def read(text: str) -> str:
    """An address that we can mail, as it was typed, its domain in its own letters. Raises a subclass of NoAddress.

    Who pastes 'Jan <jan@voorbeeld.nl>' or a link gives an address too. Letters with an accent before the @ need a mail
    server that knows them (SMTPUTF8) all the way, and nobody hears when one does not.
    """
    typed = _bare(one_line(unseen_out(text)))
    found = _validated(typed)
    if found is None:
        raise faults.NoAddress
    if not found.local_part.isascii():
        raise faults.CannotMail
    return found.normalized


def ascii_domain(domain: str) -> str | None:
    """A domain as mail servers know it, or None for what is none; straße is another one than strasse (IDNA 2008)."""
    if domain.isascii():
        return domain.lower()
    found = _validated(f"x@{domain}")
    return found.ascii_domain if found else None


def canonical(address: str | None) -> str:
    """The form in which addresses are compared: no capitals, the domain as mail servers know it.

    Of what is no address its small letters, so that comparing never fails. No server in use tells capitals apart.
    """
    bare = (address or "").strip()[: LONGEST + 1]
    local, at, domain = bare.rpartition("@")
    return f"{local.casefold()}{at}{ascii_domain(domain) or domain.casefold()}"


def same(one: str | None, other: str | None) -> bool:
    """Whether mail to two addresses comes in one mailbox."""
    return canonical(one) == canonical(other)


def mailbox(address: str) -> str:
    """Where mail to an address ends, as far as it shows: without what stands behind a plus, nor the dots at Gmail.

    Only for counting. Two people may use two such addresses to be told apart, and are not taken for one.
    """
    local, at, domain = canonical(address).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTLESS:
        return f"{local.replace('.', '')}{at}gmail.com"
    return f"{local}{at}{domain}"


def of_uri(uri: str) -> str:
    """The canonical address of a calendar's `mailto:`, without what a link may add to it; empty if there is none."""
    text = re.sub(r"\s+", "", uri)
    if _SCHEME.match(text):
        text = unquote(_SCHEME.sub("", text).partition("?")[0])
    return canonical(text.partition("?")[0].strip("<>"))


def _bare(typed: str) -> str:
    if found := _IN_BRACKETS.fullmatch(typed):
        typed = found[1]
    if _SCHEME.match(typed):
        typed = unquote(_SCHEME.sub("", typed).partition("?")[0])
    return typed.strip().rstrip(_AFTER).lstrip("(<[\"'")


def _validated(typed: str) -> ValidatedEmail | None:
    # What is far too long is no address, and must not be worked on.
    if len(typed) > LONGEST:
        return None
    try:
        return validate_email(typed, check_deliverability=False)
    except EmailNotValidError:
        return None
