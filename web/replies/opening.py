"""The mailbox of an organisation: by IMAP if one is configured, else the folder that answers are laid in."""

from __future__ import annotations

from pathlib import Path

from config import Inbox
from web.replies.imap import ImapMailbox
from web.replies.mailboxes import Mailbox
from web.replies.maildir import MaildirMailbox


def mailbox_of(inbox: Inbox, password: str, folder: Path, domain: str) -> Mailbox:
    """Where answers come in. `folder` is that of a Maildir; `domain` that of the addresses we send from."""
    if not inbox.host:
        return MaildirMailbox(folder, domain=domain)
    return ImapMailbox(inbox.host, inbox.port, inbox.security, inbox.user, password, folder=inbox.folder, domain=domain)
