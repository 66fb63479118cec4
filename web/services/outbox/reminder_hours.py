"""When a reminder falls due and until when it is of use; and the hours in which nothing wakes anybody up."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from config import Reminders
from web.world import ZONE, local

LAST = timedelta(hours=2)
"""Before the start: who hears of it later is on the way, or cannot come any more."""
DAY = timedelta(days=1)
MORNING = time(9)


def falls_due(starts: datetime, days: int, rules: Reminders) -> datetime:
    """So many days before, at the hour at which it begins, moved into the hours of the day.

    It stays on that day: a meeting late in the evening is remembered the evening before, not in its own morning.
    """
    begins = local(starts)
    at = min(max(begins.time(), time(rules.from_hour)), time(rules.to_hour - 1))
    return _moment(begins.date() - timedelta(days=days), at)


def until(starts: datetime, days: int, rules: Reminders) -> datetime:
    """Until when it is of use: for a day, not beyond the next reminder, and the last one until shortly before."""
    nearer = [falls_due(starts, other, rules) for other in rules.days if other < days]
    end = starts - LAST if days == 1 else min(starts - LAST, falls_due(starts, days, rules) + DAY)
    return min([end, *nearer])


def fresh(starts: datetime, now: datetime, rules: Reminders) -> int | None:
    """Which reminder of a date is of use now, in days before it; None if there is none."""
    of_use = (days for days in rules.days if falls_due(starts, days, rules) <= now < until(starts, days, rules))
    return next(of_use, None)


def awake(now: datetime, rules: Reminders) -> bool:
    """Whether it is day."""
    return rules.from_hour <= local(now).hour < rules.to_hour


def morning(now: datetime, rules: Reminders) -> datetime:
    """When the next day begins: today, if that is still to come."""
    here = local(now)
    return _moment(here.date() + timedelta(days=here.hour >= rules.from_hour), time(rules.from_hour))


def morning_after(moment: datetime, rules: Reminders) -> datetime:
    """When the day after a moment begins."""
    return _moment(local(moment).date() + DAY, time(rules.from_hour))


def tomorrow(now: datetime) -> datetime:
    """The next morning, for what may not go out today any more."""
    return _moment(local(now).date() + DAY, MORNING)


def day_after(moment: datetime, later: timedelta) -> datetime:
    """When the day begins that is so much later than that of a moment."""
    return _moment(local(moment).date() + later, time())


def midnight(now: datetime) -> datetime:
    """When today began."""
    return _moment(local(now).date(), time())


def _moment(day: date, at: time) -> datetime:
    """In UTC. The hours of the day exist once on every day; so does midnight."""
    return datetime.combine(day, at, ZONE).astimezone(UTC)
