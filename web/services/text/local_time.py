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
