"""Mail about our own mail: it could not be delivered (RFC 3464), it was read (RFC 8098), it was called spam."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from web.channels import codes
from web.channels.faults import GONE
from web.identity import addresses
from web.replies import unformal
from web.replies.mime import Leaf, MailHeaders, ParsedMail, parameter
from web.replies.verdict import FINAL, UNCLEAR, Bounced

DELIVERED, RECEIPT, COMPLAINT = "delivered", "receipt", "complaint"
_DELIVERY = ("message/delivery-status", "message/global-delivery-status")
_DISPOSITION = ("message/disposition-notification", "message/global-disposition-notification")
_STATUS = re.compile(r"(?<![\d.])([245])\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_REPLY = re.compile(r"(?<![\d.])[245]\d\d(?!\.?\d)")
_PHASE = re.compile(r"\b(?:in reply to|after)\s+(?:end of\s+)?(MAIL|RCPT|DATA)\b", re.IGNORECASE)
"""How Postfix and Exim say to which command the other server said no."""


@dataclass(frozen=True, slots=True)
class Report:
    """`kind` is one of Bounced, delivered, receipt, complaint or unclear_bounce; `code` the status in digits."""

    kind: str
    code: str = ""


def report(mail: ParsedMail, automatic: bool, address: str, *, named: bool) -> Report | None:
    """What a formal report says of ours, or None if it is none.

    `automatic`: no person sent it. `address` is where ours went. `named`: only a report that names that address says
    something, as nothing else tells which of our mails it is about.
    """
    formal = mail.kind == "multipart/report"
    if formal or automatic:
        for leaf in mail.leaves:
            if leaf.kind in _DELIVERY:
                return _delivery(leaf, unformal.body(mail), address, named)
            if leaf.kind in _DISPOSITION:
                return Report(RECEIPT)
            if leaf.kind == "message/feedback-report":
                return Report(COMPLAINT)
    about = parameter(mail.head, "report-type").lower()
    if formal and about == "disposition-notification":
        return Report(RECEIPT)
    if not formal or about not in ("", "delivery-status"):
        return None
    return (in_words(mail, address) if automatic else None) or Report(UNCLEAR)


def in_words(mail: ParsedMail, address: str) -> Report | None:
    """What a report without the formal part says: for a person, unless a library and a code agree about `address`.

    None if the library does not know it for a report.
    """
    failing, passing = unformal.addresses(mail)
    if not failing and not passing:
        return None
    if passing == {address} and not failing:
        return Report(Bounced.SOFT)
    found = [code[0] for code in _STATUS.finditer(unformal.body(mail)) if code[1] == "5"]
    told = [(codes.meaning(code), code) for code in found] if failing == {address} else []
    return _cautious(told) or Report(UNCLEAR)


def encloses(mail: ParsedMail) -> bool:
    """Whether a mail, or the head of one, goes along."""
    return any(leaf.kind in ("message/rfc822", "message/global", "text/rfc822-headers") for leaf in mail.leaves)


def _delivery(leaf: Leaf, words: str, address: str, named: bool) -> Report:
    """What became of our mail."""
    blocks = [MailHeaders(block.encode()) for block in re.split(r"\n[ \t\r]*\n", leaf.text())]
    blocks = [block for block in blocks if block.first("action") or block.first("status")]
    ours = [block for block in blocks if address and address in _recipients(block)]
    if named and not ours:
        return Report(UNCLEAR)
    phase = found[1].upper() if len(blocks) == 1 and (found := _PHASE.search(words)) else ""
    return _together([_fate(block, phase) for block in ours or blocks], ours=bool(ours))


def _together(fates: Sequence[Report], *, ours: bool) -> Report:
    """What several say: of one address the last word counts; of others, to which ours was passed on, the mildest."""
    found = {fate.kind: fate for fate in fates}
    final = [fate for fate in fates if fate.kind in FINAL]
    if final and DELIVERED in found:
        return Report(UNCLEAR)
    if final and (ours or Bounced.SOFT not in found):
        return next((fate for fate in final if fate.kind != Bounced.HARD), final[0])
    return next((found[kind] for kind in (Bounced.SOFT, UNCLEAR, DELIVERED) if kind in found), Report(UNCLEAR))


def _recipients(block: MailHeaders) -> set[str]:
    said = [*block.all("final-recipient"), *block.all("original-recipient")]
    return {addresses.canonical(value.rpartition(";")[2].strip(' <>"')) for value in said}


def _fate(block: MailHeaders, phase: str) -> Report:
    """failed is final whatever the digit, only delayed may still pass (calendar rule 45)."""
    action = re.sub(r"\(.*", "", block.first("action")).strip().lower()
    diagnosis = block.first("diagnostic-code")
    status = _STATUS.search(block.first("status"))
    said = [found[0] for found in (_STATUS.search(diagnosis), status) if found]
    digits = [found[0] for found in (_REPLY.search(diagnosis),) if found]
    grade = next((code[0] for code in [*said[-1:], *digits]), "")
    code = status[0] if status else said[0] if said else ""
    if action == "delayed" or (not action and grade == "4"):
        return Report(Bounced.SOFT, code)
    if (action == "failed" and grade != "2") or (not action and grade == "5"):
        return _final(said, digits, phase, code)
    arrived = action in ("delivered", "relayed", "expanded") or (action != "failed" and grade == "2")
    return Report(DELIVERED if arrived else UNCLEAR, code)


def _final(said: Sequence[str], digits: Sequence[str], phase: str, code: str) -> Report:
    """Why it is final: by a code that tells, else by the three digits that the other server said."""
    if known := _cautious([(codes.meaning(one), one) for one in said]):
        return known
    if any(one[0] == "4" for one in [*said[:1], *digits]):
        return Report(Bounced.EXPIRED, code)
    kind = next((kind for one in digits if (kind := codes.bare(phase, int(one)))), "")
    return Report(Bounced.HARD if kind in GONE else kind or Bounced.RETURNED, code)


def _cautious(told: Sequence[tuple[str, str]]) -> Report | None:
    """Of codes that contradict each other one that keeps the address; None if none of them tells anything."""
    telling = [(kind, code) for kind, code in told if kind]
    kept = [(kind, code) for kind, code in telling if kind not in GONE]
    for kind, code in [*kept, *telling]:
        return Report(Bounced.HARD if kind in GONE else kind, code)
    return None
