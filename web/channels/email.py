"""A parcel as an e-mail, ready for a mail program or a server."""

from __future__ import annotations

import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from config import Sender
from web.channels.parcel import Parcel


def message(parcel: Parcel, sender: Sender) -> bytes:
    """The e-mail as it is sent. The same parcel has the same Message-ID, so that a mailbox shows it once."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(sender.name, sender.address)
    mail["To"] = _address(parcel.name, parcel.address)
    mail["Subject"] = " ".join(parcel.subject.split())
    mail["Date"] = parcel.at
    mail["Message-ID"] = f"<{hashlib.sha256(parcel.key.encode()).hexdigest()[:32]}@{sender.address.partition('@')[2]}>"
    # So that nobody's 'I am on holiday' answers it (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(parcel.text)
    return bytes(mail)


def _address(name: str, address: str) -> Address:
    return Address(display_name=" ".join(name.split()), addr_spec=address)
