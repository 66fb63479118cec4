"""Reports of mail servers in words only: what they say became of a mail, and how a library reads it."""

from __future__ import annotations

import logging
from email import message_from_bytes

from flufl.bounce import all_failures

from web.identity import addresses as identity
from web.replies.mime import ParsedMail
from web.replies.plain import without_markup

MOST = 131_072
"""Bytes that the library looks at: what a server says stands before the mail that it gives back."""

LINES = 2000
"""And of lines: it holds each of them against many patterns."""

# It logs what it stumbles over, and that holds addresses.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)


def body(mail: ParsedMail) -> str:
    """What a mail says in its first part with text."""
    for kind in ("text/plain", "text/html"):
        for leaf in mail.leaves:
            if leaf.kind == kind and (found := leaf.text().strip()):
                return without_markup(found) if kind == "text/html" else found
    return ""


def addresses(mail: ParsedMail) -> tuple[frozenset[str], frozenset[str]]:
    """Which addresses a report gives up, and which it still tries; none if it is no report that the library knows."""
    try:
        start = b"\n".join(mail.start(MOST).split(b"\n", LINES)[:LINES])
        passing, failing = all_failures(message_from_bytes(start))
    except Exception:  # it was made for mail of the real world, not for what somebody sends to break it
        return frozenset(), frozenset()
    return _readable(failing), _readable(passing)


def _readable(found: frozenset[bytes]) -> frozenset[str]:
    return frozenset(identity.canonical(address.decode("utf-8", "replace").strip()) for address in found)
