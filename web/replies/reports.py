"""Mail about our own mail: it could not be delivered (RFC 3464), it was read (RFC 8098), it was called spam."""

from __future__ import annotations

import re
from dataclasses import dataclass

from web.identity import addresses
from web.replies.mime import Leaf, MailHeaders, ParsedMail, parameter
from web.replies.senders import from_system
from web.replies.verdict import Bounced

DELIVERED, RECEIPT, COMPLAINT, UNCLEAR = "delivered", "receipt", "complaint", "unclear_bounce"
_DELIVERY = ("message/delivery-status", "message/global-delivery-status")
_DISPOSITION = ("message/disposition-notification", "message/global-disposition-notification")
_STATUS = re.compile(r"(?<![\d.])([245])\.\d{1,3}\.\d{1,3}(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([245])\d\d(?![\d.])")


@dataclass(frozen=True, slots=True)
class Report:
    """`kind` is hard, soft, delivered, receipt, complaint or unclear_bounce; `code` the status in digits."""

    kind: str
    code: str = ""


def report(mail: ParsedMail, automatic: bool, address: str) -> Report | None:
    """What a mail reports of ours, or None if it is no report. `address` is where ours went."""
    formal = mail.kind == "multipart/report"
    if formal or automatic:
        for leaf in mail.leaves:
            if leaf.kind in _DELIVERY:
                return _delivery(leaf, address)
            if leaf.kind in _DISPOSITION:
                return Report(RECEIPT)
            if leaf.kind == "message/feedback-report":
                return Report(COMPLAINT)
    about = parameter(mail.head, "report-type").lower()
    if formal and about == "disposition-notification":
        return Report(RECEIPT)
    unsaid = formal and about in ("", "delivery-status")
    return Report(UNCLEAR) if unsaid or from_system(mail.head) else None


def _delivery(leaf: Leaf, address: str) -> Report:
    """What became of our mail; when it went to several, what counts is our own address, else the worst."""
    blocks = [MailHeaders(block.encode()) for block in re.split(r"\n[ \t\r]*\n", leaf.text())]
    blocks = [block for block in blocks if block.first("action") or block.first("status")]
    ours = [block for block in blocks if address and address in _recipients(block)]
    found = {one.kind: one for one in map(_fate, ours or blocks)}
    return next(
        (found[kind] for kind in (Bounced.HARD, Bounced.SOFT, UNCLEAR, DELIVERED) if kind in found), Report(UNCLEAR)
    )


def _recipients(block: MailHeaders) -> set[str]:
    said = [*block.all("final-recipient"), *block.all("original-recipient")]
    return {addresses.canonical(value.rpartition(";")[2].strip(" <>")) for value in said}


def _fate(block: MailHeaders) -> Report:
    """failed with 5.x.x is for good; failed with 4.x.x and delayed may still pass (calendar rule 45)."""
    action = re.sub(r"\(.*", "", block.first("action")).strip().lower()
    diagnosis = block.first("diagnostic-code")
    status = _STATUS.search(block.first("status")) or _STATUS.search(diagnosis)
    code = status[0] if status else ""
    kind = status[1] if status else found[1] if (found := _REPLY.search(diagnosis)) else ""
    if action == "delayed" or (action in ("failed", "") and kind == "4"):
        return Report(Bounced.SOFT, code)
    if action == "failed" or (not action and kind == "5"):
        # Without a status: the server says that it gave up (RFC 3464, 2.3.3).
        return Report(Bounced.HARD, code) if kind in ("5", "") else Report(UNCLEAR, code)
    return Report(DELIVERED if action in ("delivered", "relayed", "expanded") or kind == "2" else UNCLEAR, code)
