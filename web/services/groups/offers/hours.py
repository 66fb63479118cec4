"""When somebody may be asked, and until when they may answer: by day, and shorter the nearer the date is."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from config import Offers
from web.rows import Gathering, TimeSlot
from web.world import ZONE, local

ASKING = range(8, 21)
"""Hours in which people are asked."""
AWAKE = range(8, 22)
"""Hours in which an answer may be due."""
MORNING = time(9)
SHARE = 4
"""Of the time that is left one part in so many goes to one person, so that others can be asked after them."""
SHORTEST = timedelta(minutes=30)
"""Less than this is no question: nobody looks at their phone all day."""


def may_ask(now: datetime) -> bool:
    """Whether a message now wakes nobody up."""
    return local(now).hour in ASKING


def dates(evening: TimeSlot, now: datetime) -> list[Gathering]:
    """What somebody would come to: the dates of a session that stand and did not begin."""
    return [date for date in evening.gatherings if date.starts > now and date.called_off_at is None]


def until(now: datetime, starts: datetime, offers: Offers) -> datetime | None:
    """How long a place stands that is offered now, for a date that begins then; None if it is too late to ask."""
    last = starts - timedelta(hours=offers.last_hours)
    if last - now < SHORTEST:
        return None
    long = min(timedelta(hours=offers.hours), max(SHORTEST, (last - now) / SHARE))
    end = (now + long).replace(second=0, microsecond=0)
    # In the night nobody else would be asked: it costs nothing to let them sleep.
    return end if local(end).hour in AWAKE else min(_morning_after(end), last)


def _morning_after(moment: datetime) -> datetime:
    here = local(moment)
    day = here.date() + timedelta(days=here.hour >= AWAKE.stop)
    return datetime.combine(day, MORNING, ZONE).astimezone(moment.tzinfo)
