"""Mails as calendar programs and mail servers send them, with whatever a test wants to be different."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from web.replies import Invited, Verdict, judge
from web.replies.memory import Memory

DOMAIN = "buurt.example"
TOKEN = "k7q2m4xn5rt3vwyzc6bd2fghjs"
RCPT = f"rsvp-{TOKEN}@{DOMAIN}"
BOUNCE = f"bounce-{TOKEN}@{DOMAIN}"
UID = "a1b2-gesprek@buurt.example"
FATIMA = "fatima@post.example"
NOW = datetime(2026, 10, 6, 12, tzinfo=UTC)
INVITED = Invited(TOKEN, UID, FATIMA, "NEEDS-ACTION", sequence=2, changed_sequence=1)
PASSED = "mx.buurt.example; spf=pass smtp.mailfrom=post.example; dmarc=pass header.from=post.example"


def event(*more: str, **changed: str | None) -> str:
    """A VEVENT that answers yes; `changed` replaces a line by its name, or leaves it out with None."""
    lines = {
        "UID": f"UID:{UID}",
        "DTSTAMP": "DTSTAMP:20261004T081500Z",
        "SEQUENCE": "SEQUENCE:2",
        "DTSTART": "DTSTART;TZID=Europe/Amsterdam:20261012T193000",
        "ATTENDEE": f"ATTENDEE;PARTSTAT=ACCEPTED;CN=Fatima:mailto:{FATIMA}",
    } | changed
    said = [line for line in lines.values() if line is not None]
    return "\r\n".join(["BEGIN:VEVENT", *said, *more, "END:VEVENT"])


def calendar(*events: str, method: str | None = "REPLY") -> str:
    """A calendar object around events; by default one that answers yes."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN"] + ([f"METHOD:{method}"] if method else [])
    return "\r\n".join([*head, *(events or [event()]), "END:VCALENDAR", ""])


def part(content: str | bytes, kind: str = "text/calendar; method=REPLY; charset=utf-8", *head: str) -> bytes:
    """A part in base64, with further lines for its head."""
    raw = content.encode() if isinstance(content, str) else content
    lines = [f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", *head]
    return "\r\n".join([*lines, "", base64.encodebytes(raw).decode().replace("\n", "\r\n")]).encode()


def plainly(
    content: str | bytes, kind: str = "text/calendar; method=REPLY; charset=utf-8", encoding: str = ""
) -> bytes:
    """A part as it is."""
    raw = content.encode() if isinstance(content, str) else content
    extra = f"Content-Transfer-Encoding: {encoding}\r\n" if encoding else ""
    return f"Content-Type: {kind}\r\n{extra}\r\n".encode() + raw


def several(*parts: bytes, kind: str = "multipart/mixed", boundary: str = "b0") -> bytes:
    """A multipart of parts."""
    mark = f"\r\n--{boundary}\r\n".encode()
    head = f'Content-Type: {kind}; boundary="{boundary}"\r\n'.encode()
    return head + b"".join(mark + part for part in parts) + f"\r\n--{boundary}--\r\n".encode()


def mail(body: bytes, head: Mapping[str, str | None] | None = None) -> bytes:
    """A mail from Fatima; `head` adds, replaces or leaves out fields."""
    fields = {"From": f"Fatima <{FATIMA}>", "To": RCPT, "Subject": "Geaccepteerd", "MIME-Version": "1.0"} | (head or {})
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None).encode() + body


def words(text: str = "Kan ik ook later komen?") -> bytes:
    """A part with what a person wrote."""
    return part(text, "text/plain; charset=utf-8")


def report(*fields: str, kind: str = "delivery-status") -> bytes:
    """A report of a mail server, with our own invitation in it."""
    status = "\r\n".join(["Reporting-MTA: dns; mx.post.example", "", f"Final-Recipient: rfc822; {FATIMA}", *fields, ""])
    own = mail(part(calendar(method="REQUEST"), "text/calendar; method=REQUEST"), {"From": RCPT, "To": FATIMA})
    enclosed = b"Content-Type: message/rfc822\r\n\r\n" + own
    parts = (words("Sorry."), plainly(status, f"message/{kind}"), enclosed)
    return several(*parts, kind=f"multipart/report; report-type={kind}", boundary="r0")


def judged(raw: bytes, invited: Invited = INVITED, **more: Any) -> Verdict:
    """What a mail does to one invitation."""
    said = {"rcpt": RCPT, "mail_from": FATIMA, "known": Memory([invited]), "now": NOW} | more
    return judge(raw, **said)


def answered(*events: str, method: str | None = "REPLY", invited: Invited = INVITED, **more: Any) -> Verdict:
    """What a calendar object does, in a mail that holds nothing else."""
    return judged(mail(part(calendar(*events, method=method))), invited, **more)


def after(verdict: Verdict, invited: Invited = INVITED) -> Invited:
    """The invitation when an answer was taken."""
    return replace(invited, partstat=verdict.partstat, answered=(verdict.sequence or 0, verdict.stamp))
