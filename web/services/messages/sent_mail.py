"""Mails that lie in the folder for e-mail, as a reader sees them: for a demo, where nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from itertools import islice

from web.channels import Maildir
from web.errors import Missing

MOST = 100
"""Mails in the list; older ones are in the folder."""


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail. `calendar` is whether an invitation for a calendar goes along."""

    name: str
    subject: str
    sender: str
    receiver: str
    at: datetime
    text: str
    html: str
    calendar: bool


def newest(box: Maildir) -> Iterator[SentMail]:
    """The mails that were laid down last, the newest first."""
    for name in islice(box.messages(), MOST):
        try:
            yield one(box, name)
        except Missing:  # somebody was forgotten at this moment
            continue


def one(box: Maildir, name: str) -> SentMail:
    """A mail by the name of its file, which may come from anywhere. Raises Missing."""
    try:
        raw = box.read(name)
    except KeyError:
        raise Missing from None
    mail = message_from_bytes(raw, EmailMessage, policy=policy.default)
    return SentMail(
        name=name,
        subject=str(mail["subject"]),
        sender=str(mail["from"]),
        receiver=str(mail["to"]),
        at=parsedate_to_datetime(str(mail["date"])),
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
        calendar=any(part.get_content_type() == "text/calendar" for part in mail.walk()),
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""
