"""What a mail server says in digits, as a fault: whether it is worth another try, and what is the matter."""

from __future__ import annotations

import re

from web.channels.faults import DeliveryFault, Later, Never

_ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")

# RFC 3463, by subject and detail; the first that fits counts.
_KINDS = {
    "1.3": "address",
    "1.7": "refused",
    "1.8": "refused",
    "1.": "unknown",
    "2.1": "unknown",
    "2.2": "full",
    "2.3": "large",
    "3.4": "large",
    "7.": "refused",
}
# For servers that say no more than three digits (RFC 5321 4.2.3).
_BARE = {
    "RCPT": {501: "address", 550: "unknown", 551: "unknown", 552: "full", 553: "address"},
    "DATA": {552: "large"},
    "MAIL": {552: "large"},
}
_PASSWORD = (530, 534, 535, 538)


def fault(phase: str, code: int, text: bytes) -> DeliveryFault:
    """The fault that an answer of 400 and above means. `phase` is MAIL, RCPT or DATA."""
    enhanced = _ENHANCED.match(text)
    detail = enhanced.group(1).decode() if enhanced else ""
    digits = f"{code} {detail}".strip()
    if code == 421:
        return Later("busy", digits, whole=True)
    if code in _PASSWORD:
        return Later("login", digits, whole=True)
    kind = _kind(phase, code, detail)
    if code < 500:
        return Later(kind if kind == "full" else "busy", digits)
    if phase == "MAIL" and kind != "large":
        # It is us who are not welcome: that says nothing about this receiver, and somebody can mend it.
        return Later("refused", digits, whole=True)
    return Never(kind, digits)


def _kind(phase: str, code: int, detail: str) -> str:
    known = (kind for start, kind in _KINDS.items() if detail[2:].startswith(start))
    return next(known, "") or _BARE[phase].get(code, "refused")
