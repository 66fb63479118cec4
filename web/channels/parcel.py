"""What goes out: a letter with whom it is for and how to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An iCalendar object of one event with the method it is sent by: REQUEST or CANCEL."""

    method: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Parcel:
    """`key` makes it the same parcel when it is sent twice; `owner` is whose it is: signup-12, facilitator-3.

    `beside` are the keys of what goes along in it: with other news it is another mail, whatever became of the first.
    `calendars` are the objects of its dates, the one first that programs act on by themselves.

    `short` is the letter as a text message. `from_address` is who asks for an answer, by default the sender of the
    organisation; `bounce` is the envelope's sender; `unsubscribe` an https address that stops reminders by one click.
    """

    key: str
    owner: str
    channel: str  # email | text | call | letter | via
    name: str
    address: str  # an e-mail address, a phone number, or through whom
    subject: str
    text: str
    at: datetime
    html: str = ""
    short: str = ""
    language: str = "nl"
    calendars: tuple[CalendarPart, ...] = ()
    from_address: str = ""
    bounce: str = ""
    unsubscribe: str = ""
    beside: tuple[str, ...] = ()
