"""A date and two parties to try calendars with, and readers of what came out: icalendar, vobject and the bytes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import icalendar
import vobject

from web.calendars import Event, Party

BUREAU = Party("Buurthuis De Brug", "rsvp-abcdefghijklmnopqrstuvwxyz@bubbelen.example")
BART = Party("Bart de Vries", "bart+buurt@example.org")
ANSWER = "https://bubbelen.example/uitnodiging/abc"
ONLINE = "https://praten.example/kamer?a=1&b=2"


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def event(**other: Any) -> Event:
    """An evening in Utrecht, half past seven till half past nine on the Dutch clock; what a test is about differs."""
    usual = {
        "uid": "3f8e7c3c-0c57-4cf1-a2d9-3ad5a0f3b6c1",
        "sequence": 0,
        "stamp": at("2026-09-01T08:00:00"),
        "starts": at("2026-10-06T17:30:00"),
        "ends": at("2026-10-06T19:30:00"),
        "title": "Koffie, thee; gesprek",
        "description": f"Groep 3\nKom je? {ANSWER}",
        "place": "De Brug, Dorpsstraat 1, Utrecht",
    }
    return Event(**{**usual, **other})


def calendar_in(content: bytes) -> icalendar.Calendar:
    """The one calendar in it; icalendar found nothing wrong, and none of its components skipped a line."""
    held = icalendar.Calendar.from_ical(content, multiple=True)
    assert len(held) == 1
    held[0].validate()
    assert [problem for component in held[0].walk() for problem in component.errors] == []
    return held[0]


def date_in(content: bytes) -> icalendar.Event:
    """The one date in it."""
    (date,) = calendar_in(content).walk("VEVENT")
    return date


def second_reading(content: bytes) -> Any:
    """The one date in it, as vobject (and so Radicale) reads it."""
    return vobject.readOne(content.decode()).vevent


def lines(content: bytes) -> list[str]:
    """Its lines unfolded, the form of the bytes being right: RFC 5545 3.1, and no control character anywhere."""
    assert content.startswith(b"BEGIN:VCALENDAR\r\n") and content.endswith(b"\r\nEND:VCALENDAR\r\n")
    folded = content.removesuffix(b"\r\n").split(b"\r\n")
    assert all(0 < len(part) <= 75 for part in folded)
    # Each part on its own: a fold inside a character would leave two that are no UTF-8.
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffd]", "".join(part.decode() for part in folded))
    return content.decode().replace("\r\n ", "").split("\r\n")[:-1]


def line(content: bytes, name: str) -> str:
    """The one line that begins with this name, apart from the time zone's."""
    written = lines(content)
    if "END:VTIMEZONE" in written:
        del written[written.index("BEGIN:VTIMEZONE") : written.index("END:VTIMEZONE")]
    (found,) = [one for one in written if re.match(f"{name}[:;]", one)]
    return found


def names(content: bytes) -> list[str]:
    """The names of all lines, in order."""
    return [re.split("[:;]", one)[0] for one in lines(content)]
