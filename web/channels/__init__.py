"""How a letter reaches a person by itself: e-mail and text messages. Whoever calls, prints or tells has pages."""

from __future__ import annotations

from pathlib import Path

from config import Secrets, Settings
from web.channels.faults import Channel, DeliveryFault, Later, Never, Withdrawn
from web.channels.maildir import Maildir
from web.channels.outbox import Outbox
from web.channels.parcel import CalendarPart, Parcel
from web.channels.smtp import Smtp
from web.channels.texting import Texting

__all__ = [
    "CalendarPart",
    "Channel",
    "DeliveryFault",
    "Later",
    "Maildir",
    "Never",
    "Outbox",
    "Parcel",
    "Smtp",
    "Texting",
    "Withdrawn",
    "channels_of",
]


def channels_of(settings: Settings, secrets: Secrets, folder: Path) -> dict[str, Channel]:
    """The channels that need nobody: `email`, and `text` if it is configured. `folder` is that of the outbox.

    Without a mail server e-mails lie in the folder `mail` in it.
    """
    mail: Channel = Maildir(folder / "mail", settings.sender)
    if settings.mail.host:
        mail = Smtp(settings.mail, secrets.mail_password, settings.sender)
    channels: dict[str, Channel] = {"email": mail}
    if settings.text_messages.kind:
        channels["text"] = Texting(settings.text_messages, secrets.text_token, mail)
    return channels
