"""What goes out: a letter with whom it is for and how to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """`key` makes it the same parcel when it is sent twice; `owner` is whose it is: signup-12, facilitator-3."""

    key: str
    owner: str
    channel: str  # email | text | call | letter | via
    name: str
    address: str  # an e-mail address, a phone number, or through whom
    subject: str
    text: str
    at: datetime
