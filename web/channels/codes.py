"""What a mail server says in digits, at once or in a report days later: one table of what is the matter.

RFC 3463 with the register of IANA, and the codes that Exchange added to it. Read per code: most of 5.1 is about the
receiver's address, but some of it is about ours, and only the first may ever stop our mail to somebody.
"""

from __future__ import annotations

import re

from web.channels.faults import DeliveryFault, Later, Never

_ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")

_SUBJECTS = {
    "1": "unknown",
    "2": "refused",  # the mailbox is there
    "3": "refused",
    "4": "refused",
    "5": "refused",
    "6": "refused",
    "7": "refused",
}
"""By the second number, unless _DETAILS knows better. 0 says nothing."""
_DETAILS = {
    "1.3": "address",
    "1.5": "refused",  # "this address is right": whatever is wrong, it is not the address
    "1.7": "refused",  # 1.7 and 1.8: the address of the sender, so ours
    "1.8": "refused",
    "1.9": "refused",  # what the mail went by could not take it
    "1.20": "refused",  # Exchange: more than one sender
    "1.90": "refused",  # Exchange: the sender wrote too many people today
    "2.1": "unknown",
    "2.2": "full",
    "2.3": "large",
    "3.4": "large",
    "4.4": "unknown",  # there is no way to that domain
    "4.7": "expired",
    "4.300": "expired",  # Exchange: the message expired, also 4.316
    "4.310": "unknown",  # Exchange: there is no such domain
    "4.316": "expired",
    "5.0": "",  # says no more than the three digits before it
}
# For servers that say no more than three digits (RFC 5321 4.2.3).
_BARE = {
    "RCPT": {501: "address", 550: "unknown", 551: "unknown", 552: "full", 553: "address"},
    "DATA": {552: "large"},
    "MAIL": {552: "large"},
    "": {552: "full"},  # a report that does not say when it was refused: 550 may be about the mail or the mailbox
}
_PASSWORD = (530, 534, 535, 538)


def meaning(code: str) -> str:
    """The kind of fault of an enhanced status code such as 5.1.1 that is final; empty if it says nothing.

    With a 4 in front it was tried until somebody gave up, whatever else it says (RFC 3464, 2.3.3).
    """
    subject, _dot, detail = code[2:].partition(".")
    kind = _DETAILS.get(f"{subject}.{detail}", _SUBJECTS.get(subject, ""))
    return "expired" if kind and code[0] == "4" and kind != "full" else kind


def bare(phase: str, code: int) -> str:
    """The kind of fault of three digits alone; empty if they say nothing. `phase` is MAIL, RCPT, DATA or not known."""
    return _BARE[phase].get(code, "")


def fault(phase: str, code: int, text: bytes) -> DeliveryFault:
    """The fault that an answer of 400 and above means. `phase` is MAIL, RCPT or DATA."""
    enhanced = _ENHANCED.match(text)
    detail = enhanced.group(1).decode() if enhanced else ""
    digits = f"{code} {detail}".strip()
    if code == 421:
        return Later("busy", digits, whole=True)
    if code in _PASSWORD:
        return Later("login", digits, whole=True)
    # What counts is whether the server wants another try: 550 with 4.1.1 is as final as 550 with 5.1.1.
    kind = meaning(f"5{detail[1:]}") or bare(phase, code) or "refused"
    if code < 500:
        return Later(kind if kind == "full" else "busy", digits)
    if phase == "MAIL" and kind != "large":
        # It is us who are not welcome: that says nothing about this receiver, and somebody can mend it.
        return Later("refused", digits, whole=True)
    return Never(kind, digits)
