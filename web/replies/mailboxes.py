"""Where mail that comes back is read from, and to whom it was sent; web.replies.imap and .maildir are the kinds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import getaddresses
from typing import Protocol

from web.replies.judging import recipient
from web.replies.mime import HEAD_BYTES, MailHeaders

PROCESSED = "Processed"
"""The folder in which earlier versions laid what was read: nothing comes in any more, and it is emptied."""
_ENVELOPE = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


@dataclass(frozen=True, slots=True)
class Received:
    """A mail as it lies there. `key` is the same when it is read again; `place` is the mailbox's own word for it.

    `raw` is only the beginning when the mail is larger than the limit: then `size` is more than its length. The
    envelope is `rcpt`, and `mail_from`: "" for a mail server itself, None if it is not known.
    """

    key: str
    raw: bytes
    size: int
    rcpt: str
    mail_from: str | None
    place: str


class Mailbox(Protocol):
    """Gives every mail that is not done, in order of arrival. What is cut off comes again, under the same key."""

    def messages(self) -> Iterator[Received]:
        """What lies there. Raises web.channels.faults.Later."""

    def done(self, received: Received) -> None:
        """Erase a mail, after what it did is kept. Raises web.channels.faults.Later; then it comes again."""

    def clear(self, before: datetime) -> None:
        """Erase what lies here and is not read any more. Raises web.channels.faults.Later.

        What an earlier version put away goes at once; what people moved or threw away, if it is older than `before`.
        """

    def close(self) -> None:
        """End what is open."""


def received(raw: bytes, size: int, domain: str, place: str) -> Received:
    """A mail with the envelope that our own server wrote on it; `domain` is that of our addresses."""
    head = MailHeaders(raw[:HEAD_BYTES].replace(b"\r\n", b"\n").partition(b"\n\n")[0])
    key = hashlib.sha256(raw + b"%d" % size).hexdigest()
    paths = head.all("return-path")[:1]
    mail_from = paths[0].strip().removeprefix("<").removesuffix(">") if paths else None
    return Received(key, raw, size, _rcpt(head, domain.lower()), mail_from, place)


def _rcpt(head: MailHeaders, domain: str) -> str:
    """To which of our addresses it was sent: the topmost of each field, as a sender can write his own below them."""
    topmost = [head.first(name) for name in _ENVELOPE if head.first(name)]
    written = [address for _, address in getaddresses([*head.all("to"), *head.all("cc")])]
    ours = (found for found in map(_bare, [*topmost, *written]) if found.endswith(f"@{domain}") and recipient(found)[0])
    return next(ours, _bare(topmost[0]) if topmost else "")


def _bare(address: str) -> str:
    return address.strip().strip("<>").lower()
