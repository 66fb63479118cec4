"""Dates in words, as letters tell them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask_babel import gettext

from config import Settings
from web.formatting import span
from web.letters import Meeting
from web.rows import TimeSlot
from web.services.outbox.event_facts import place_of, spoken_at


def fact_as_meeting(told: dict[str, Any], settings: Settings) -> Meeting:
    """What somebody was told of a date."""
    return Meeting(
        when=span(datetime.fromisoformat(told["starts"]), datetime.fromisoformat(told["ends"])),
        place=told["place"] or (gettext("online") if told["mode"] == "online" else ""),
        link=told["link"],
        group=gettext("tafel %(number)s", number=told["group"]) if told["group"] else "",
        language=spoken_at(told["language"], settings),
    )


def evening_as_meeting(evening: TimeSlot, group: str = "") -> Iterator[Meeting]:
    """The dates of a session that stand, for who has no table there (yet)."""
    for gathering in evening.gatherings:
        if gathering.called_off_at is None:
            place = place_of(evening) or (gettext("online") if evening.mode == "online" else "")
            yield Meeting(when=span(gathering.starts, gathering.ends), place=place, group=group)
