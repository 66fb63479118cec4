"""An IMAP mailbox to read answers from. Whatever breaks, a mail is put away only when the caller says it is kept."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError, MailboxFolderCreateError, UnexpectedCommandStatusError
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
        self._away = ""

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
        """Mark it as read and move it to the folder Processed. Raises Later."""
        validity, _, uid = received.place.partition(":")
        with self._line() as box:
            if validity != self._validity:  # The server gave its mails new numbers: this one comes again.
                return
            flagged = box.client.uid("STORE", uid, "+FLAGS", r"(\Seen)")
            check_command_status(flagged, UnexpectedCommandStatusError)
            self._away = self._away or _folder(box)
            box.move(uid, self._away)

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


def _folder(box: BaseMailBox) -> str:
    """The folder for what is done, made if it is missing; some servers have every folder below INBOX."""
    found = box.folder.list()
    for one in found:
        if one.name == PROCESSED or one.name == f"INBOX{one.delim}{PROCESSED}":
            return str(one.name)
    try:
        box.folder.create(PROCESSED)
    except MailboxFolderCreateError:
        below = f"INBOX{found[0].delim if found else '.'}{PROCESSED}"
        box.folder.create(below)
        return below
    return PROCESSED
