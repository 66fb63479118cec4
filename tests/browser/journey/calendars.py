"""Who is in the journey, and what the calendars of Saskia show."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.browser import circle
from tests.browser.circle import PEOPLE, WANDA, wall
from tests.browser.loop import Loop
from tests.web.calendar_reading import calendar_in, date_in

SASKIA, BART, CARLA, FATIMA = (str(PEOPLE[name]["email"]) for name in list(PEOPLE)[:4])
PEOPLE_AND_WANDA = {**PEOPLE, circle.WAITS: {"email": WANDA}}
SEATED = [str(more["email"]) for more in PEOPLE.values() if more["email"]]
COME = [to for to in SEATED if to != BART] + [WANDA]
HOUR = timedelta(hours=1)


def stands(loop: Loop, dates: list[datetime], mark: str = "") -> None:
    """Both calendars of Saskia show one event on each day, at its hour."""
    for start, mail in zip(dates, loop.invitations(SASKIA), strict=True):
        end = start + timedelta(hours=2)
        title = f"{mark}Samen koken in de buurt"
        assert loop.khal.shows(start) == [f"{start:%Y-%m-%d} {start:%H:%M}-{end:%H:%M} {title}"]
        midnight = wall(start.date(), 0)
        assert loop.phone.between(midnight, 24 * 60) == loop.phone.between(start, 120) == 1
        assert loop.phone.between(start - HOUR, 60) == loop.phone.between(end, 60) == 0
        assert date_in(loop.phone.holds(mail.version[1]))["DTSTART"].dt == start


def shown(loop: Loop, content: bytes, name: str) -> list[Any]:
    """The dates in a feed or file, in order of time."""
    loop.post.keep(name, content)
    return sorted(calendar_in(content).walk("VEVENT"), key=lambda date: date["DTSTART"].dt)
