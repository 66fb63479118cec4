"""An IMAP mailbox to read answers from. Whatever breaks, a mail is erased only when the caller says it is kept."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError, UnexpectedCommandStatusError
from imap_tools.utils import check_command_status

from web.channels.faults import Later
from web.replies.connecting import Account, connect, faults
from web.replies.mailboxes import PROCESSED, Received, received
from web.replies.mime import HEAD_BYTES
from web.replies.verdict import MailLimits

SIZES_AT_ONCE = 500


class ImapMailbox:
    """One folder of an account. It connects when it is read, and keeps the connection until `close` or an error.

    `security` is tls, starttls or none; `domain` that of our addresses; `context` says which certificates we trust.
    """

    def __init__(
        self,
        host: str,
        port: int,
        security: str,
        user: str,
        password: str,
        *,
        domain: str,
        folder: str = "INBOX",
        limits: MailLimits | None = None,
        timeout: float = 30,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._account = Account(host, port, security, user, password, timeout, context)
        self._folder = folder
        self._domain = domain
        self._most = (limits or MailLimits()).mail_bytes
        self._box: BaseMailBox | None = None
        self._validity = ""

    def messages(self) -> Iterator[Received]:
        """What lies there, oldest first, read or not. What the server will not give is reported after all others."""
        with self._line() as box:
            waiting = self._sizes(box)
        refused: Later | None = None
        for uid, size in waiting:
            try:
                with self._line() as box:
                    raw = self._content(box, uid, size)
            except Later as fault:
                if fault.whole:
                    raise
                refused = fault
            else:
                if raw is not None:
                    yield received(raw, max(size, len(raw)), self._domain, f"{self._validity}:{uid}")
        if refused:
            raise refused

    def done(self, received: Received) -> None:
        """Erase it. Raises Later."""
        validity, _, uid = received.place.partition(":")
        with self._line() as box:
            if validity == self._validity:  # Else the server gave its mails new numbers: this one comes again.
                box.delete(uid)

    def clear(self, before: datetime) -> None:
        """Erase what is not read any more; see `web.replies.mailboxes.Mailbox`.

        What people moved to other folders of their mailbox is theirs.
        """
        with self._line() as box:
            # Marked as deleted, by somebody or by us when the line broke.
            box.expunge()
            for name in _put_away(box):
                if name != self._folder:
                    box.folder.set(name)
                    box.delete(box.uids("ALL", charset=None))
        self.close()

    def close(self) -> None:
        """Log out, whatever the server says to that."""
        box, self._box = self._box, None
        if box:
            with suppress(imaplib.IMAP4.error, ImapToolsError, OSError):
                box.logout()

    @contextmanager
    def _line(self) -> Iterator[BaseMailBox]:
        """The connection; after an error that concerns all of it, the next use makes a new one."""
        try:
            with faults():
                yield self._connected()
        except Later as fault:
            if fault.whole:
                self.close()
            raise

    def _connected(self) -> BaseMailBox:
        if self._box is None:
            self._box = connect(self._account)
            try:
                self._box.folder.set(self._folder)
            except ImapToolsError:  # There is no such folder, or it is not ours.
                raise Later("refused", whole=True) from None
            _, said = self._box.client.response("UIDVALIDITY")
            self._validity = (said[-1] or b"").decode("ascii", "replace")
        return self._box

    def _sizes(self, box: BaseMailBox) -> list[tuple[str, int]]:
        """Number and size of every mail in order of arrival: its size is known before it is fetched."""
        uids, found = box.uids("UNDELETED", charset=None), {}
        for start in range(0, len(uids), SIZES_AT_ONCE):
            for line in _fetched(box, ",".join(uids[start : start + SIZES_AT_ONCE]), "(UID RFC822.SIZE)"):
                uid, size = re.search(rb"\bUID (\d+)", line), re.search(rb"\bRFC822\.SIZE (\d+)", line)
                if uid and size:
                    found[uid[1].decode()] = int(size[1])
        return [(uid, found[uid]) for uid in uids if uid in found]

    def _content(self, box: BaseMailBox, uid: str, size: int) -> bytes | None:
        """A mail, or the beginning of one that is too large; None if it is gone."""
        what = "BODY.PEEK[]" if size <= self._most else f"BODY.PEEK[]<0.{HEAD_BYTES}>"
        return max(_fetched(box, uid, f"({what})", literal=True), key=len, default=None)


def _fetched(box: BaseMailBox, uids: str, what: str, *, literal: bool = False) -> list[bytes]:
    """The lines of an answer, or its literals: what is counted in bytes and not read by lines."""
    answer = box.client.uid("FETCH", uids, what)
    check_command_status(answer, UnexpectedCommandStatusError)
    if literal:
        return [piece[1] for piece in answer[1] if isinstance(piece, tuple)]
    return [piece for piece in answer[1] if isinstance(piece, bytes)]


def _put_away(box: BaseMailBox) -> list[str]:
    """The folders of an earlier version; some servers have every folder below INBOX."""
    found = box.folder.list()
    return [str(one.name) for one in found if one.name in (PROCESSED, f"INBOX{one.delim}{PROCESSED}")]
