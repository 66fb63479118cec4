"""From the clock on the wall to a moment in UTC, also in the two nights a year in which that clock jumps."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from web.errors import N_, Mishap


class Skipped(Mishap):
    """The clock goes forward over this time."""

    sentence = N_("Op %(day)s gaat de klok een uur vooruit: %(time)s uur bestaat dan niet. Kies een andere tijd.")


class Twice(Mishap):
    """The clock goes back over this time."""

    sentence = N_("Op %(day)s gaat de klok een uur terug: %(time)s uur is er dan twee keer. Kies een andere tijd.")


class Overlong(Mishap):
    """It would go on until the next day for longer than any night."""

    sentence = N_("Het eind moet na het begin zijn. Kies een latere eindtijd.")


LONGEST_NIGHT = timedelta(hours=12)
"""What begins in the evening ends in the morning at the latest; an end that lies further ahead is a slip."""


def span_of(day: date, start: time, end: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From begin to end in UTC; an end no later than the begin is on the next day, as of an iftar or New Year's Eve.

    Raises Skipped, Twice, and Overlong for an end that is more than a night away.
    """
    night = end <= start
    starts, ends = moment_of(day, start, zone), moment_of(day + timedelta(days=night), end, zone)
    if night and ends - starts > LONGEST_NIGHT:
        raise Overlong
    return starts, ends


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A time on the wall in UTC. Raises Skipped or Twice for one that does not exist, or exists twice."""
    early, late = (datetime.combine(day, at, zone).replace(fold=fold) for fold in (0, 1))
    if early.utcoffset() != late.utcoffset():
        back = early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == datetime.combine(day, at)
        raise (Twice if back else Skipped)(day=f"{day:%d-%m-%Y}", time=f"{at:%H.%M}")
    return early.astimezone(UTC)


def shifted(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same time on the wall, some days later. Raises Skipped or Twice."""
    wall = moment.astimezone(zone)
    return moment_of(wall.date() + timedelta(days=days), wall.time(), zone)
