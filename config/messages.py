"""How letters go out and answers come in: servers, text messages, offers of a place, reminders; nothing by default."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that e-mail goes out by; without a host e-mails are kept in a folder. `timeout` is in seconds."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    timeout: int = 30


@dataclass(frozen=True, slots=True)
class Inbox:
    """The IMAP mailbox that answers come in by. `authserv` is how our own mail server signs what it has checked."""

    host: str = ""
    port: int = 993
    security: str = "tls"
    user: str = ""
    folder: str = "INBOX"
    authserv: str = ""


@dataclass(frozen=True, slots=True)
class TextMessages:
    """How a text message goes out: by `mail` to an address made of the number, by `http`, or by a person.

    `length` is in characters; 459 is what fits in three messages.
    """

    kind: str = ""
    address: str = ""
    url: str = ""
    sender: str = ""
    length: int = 459


@dataclass(frozen=True, slots=True)
class Offers:
    """For how many hours a free place is offered to one person, and how long before the start that ends."""

    hours: int = 24
    last_hours: int = 2


@dataclass(frozen=True, slots=True)
class Reminders:
    """How many days before a meeting people hear of it again, and between which hours of the day."""

    days: tuple[int, ...] = (7, 1)
    from_hour: int = 9
    to_hour: int = 20
