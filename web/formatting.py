"""How dates, times and names of config read on a page: filters for the templates, functions for everybody else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache
from urllib.parse import urlencode

from babel.dates import format_datetime
from flask import Flask
from flask_babel import gettext as _

from config import Texts
from web import short_dates
from web.languages import language
from web.rows import Gathering, TimeSlot, Venue
from web.world import local


def install(app: Flask) -> None:
    """Give the templates their filters."""
    filters = (day, short_day, clock, dated, when, days_of, hours_of, once, moment, words, leaf, map_url)
    app.jinja_env.filters.update({filter.__name__: filter for filter in filters})


def day(moment: datetime) -> str:
    """dinsdag 12 januari"""
    return _told(language(), moment, "EEEE d MMMM")


def short_day(moment: datetime) -> str:
    """di 12 jan"""
    return _told(language(), moment, "EEE d MMM")


def clock(moment: datetime) -> str:
    """18.00, as the Netherlands write it; 18:00 in English."""
    code = language()
    return _told(code, moment, "HH.mm" if code == "nl" else "HH:mm")


def moment(at: datetime) -> str:
    """di 12 jan, 18.00"""
    return f"{short_day(at)}, {clock(at)}"


def hour(at: datetime) -> str:
    """dinsdag 12 januari, 18.00 uur: to be read aloud."""
    return _("%(day)s, %(clock)s uur", day=day(at), clock=clock(at))


def dated(at: datetime) -> str:
    """12 januari 2027, 18.00 uur: of a moment that may be years away."""
    return _("%(day)s, %(clock)s uur", day=_told(language(), at, "d MMMM y"), clock=clock(at))


def when(session: TimeSlot) -> str:
    """dinsdagen 1, 8 en 15 december, 19.00–21.00; only the dates that stand, unless none does."""
    return dates(session.dates or session.gatherings)


def dates(gatherings: Iterable[Gathering]) -> str:
    """Dates of one session, those with the same hours together."""
    return "; ".join(f"{_days(days)}, {hours}" for hours, days in _by_hours(gatherings).items())


def days_of(gatherings: Iterable[Gathering]) -> str:
    """dinsdagen 1, 8 en 15 december; without the hours."""
    return _days([local(one.starts).date() for one in gatherings])


def hours_of(gatherings: Iterable[Gathering]) -> str:
    """19.00–21.00, and every other pair of hours that these dates have."""
    return "; ".join(_by_hours(gatherings))


def _by_hours(gatherings: Iterable[Gathering]) -> dict[str, list[date]]:
    hours: dict[str, list[date]] = {}
    for one in gatherings:
        night = past_midnight(one.starts, one.ends)
        hours.setdefault(_hours(clock(one.starts), clock(one.ends), night), []).append(local(one.starts).date())
    return hours


def _hours(start: str, end: str, night: bool) -> str:
    return _("%(hours)s de volgende dag", hours=f"{start}–{end}") if night else f"{start}–{end}"


def _days(days: Iterable[date]) -> str:
    return _shortly(language(), tuple(dict.fromkeys(days)))


def past_midnight(starts: datetime, ends: datetime) -> bool:
    """Whether it ends on another day than it begins; at midnight itself nobody thinks of another day."""
    return local(ends).date() != local(starts).date() and local(ends).time() != time()


def once(gathering: Gathering) -> str:
    """dinsdag 12 januari, 18.00–20.30"""
    return dates([gathering])


def leaf(at: datetime) -> tuple[str, str, str, str]:
    """('2026-12-01', 'di', '1', 'dec'): a leaf of a calendar, the date itself first."""
    weekday, number, month = (_told(language(), at, pattern).rstrip(".") for pattern in ("EEE", "d", "MMM"))
    return str(local(at).date()), weekday, number, month


def span(starts: datetime, ends: datetime) -> str:
    """dinsdag 12 januari 2027, 18.00 – 20.30 uur: a letter is read long after it was written."""
    told = {"days": _told(language(), starts, "EEEE d MMMM y"), "start": clock(starts), "end": clock(ends)}
    if past_midnight(starts, ends):
        return _("%(days)s, %(start)s – %(end)s uur de volgende dag", **told)
    return _("%(days)s, %(start)s – %(end)s uur", **told)


@lru_cache(4096)
def _told(code: str, at: datetime, pattern: str) -> str:
    """A moment in a language: pages tell the same few dates over and over, and Babel reads the pattern each time."""
    return format_datetime(local(at), pattern, locale=code)


@lru_cache(1024)
def _shortly(code: str, days: tuple[date, ...]) -> str:
    return short_dates.told(days, code)


def words(texts: Texts) -> str:
    """The text of config in the language of this page."""
    return texts[language()]


def map_url(venue: Venue) -> str:
    """Where a place is, on a map of another site; nothing is asked of that site until somebody presses the link."""
    return "https://www.openstreetmap.org/search?" + urlencode({"query": venue.address})
