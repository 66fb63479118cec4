"""What a calendar is told: a date, and who asks whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from web.calendars.cleaning import line, paragraphs

PART = r"""[^\s@"<>(),:;\\\x00-\x1f\x7f]+"""
ADDRESS = re.compile(f"{PART}@{PART}")


@dataclass(frozen=True, slots=True)
class Event:
    """One date. `uid` is opaque and the same in everything anybody gets about it; moments bear a zone.

    `title` and `place` become one line, `description` is plain text with the link to answer. A `link` to join online
    is shown as it was written, and is also a button where it is an https address. `url` is left out unless it is one.
    `geo` is latitude, longitude; a `free` date keeps nobody busy. Raises ValueError for what no calendar could show.
    """

    uid: str
    sequence: int
    stamp: datetime
    starts: datetime
    ends: datetime
    title: str
    description: str
    place: str = ""
    link: str = ""
    url: str = ""
    cancelled: bool = False
    free: bool = False
    geo: tuple[float, float] | None = None
    language: str = "nl"

    def __post_init__(self) -> None:
        """Refuse it here, where it is made, and not in the middle of a feed."""
        for moment in (self.stamp, self.starts, self.ends):
            if moment.utcoffset() is None:
                raise ValueError(f"a moment without a time zone: {moment}")
        if whole_second(self.ends) <= whole_second(self.starts):
            raise ValueError(f"ends at {self.ends}, before or when it starts: {self.starts}")
        if not self.uid or self.uid != "".join(line(self.uid).split()):
            raise ValueError(f"not a UID: {self.uid!r}")
        if self.sequence < 0:
            raise ValueError(f"a negative SEQUENCE: {self.sequence}")
        if not line(self.title) or not paragraphs(self.description):
            raise ValueError("an event needs a title and a description")
        if self.geo and not (-90 <= self.geo[0] <= 90 and -180 <= self.geo[1] <= 180):
            raise ValueError(f"not a latitude and a longitude: {self.geo}")


@dataclass(frozen=True, slots=True)
class Party:
    """Who asks, or who is asked, at an e-mail address. Raises ValueError for what is none."""

    name: str
    address: str

    def __post_init__(self) -> None:
        """An address with a colon or a quote in it would become another line of the calendar."""
        if not ADDRESS.fullmatch(self.address):
            raise ValueError(f"not an e-mail address: {self.address!r}")


def whole_second(moment: datetime) -> datetime:
    """In UTC and as exact as a calendar is."""
    return moment.astimezone(UTC).replace(microsecond=0)
