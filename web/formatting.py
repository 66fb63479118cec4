"""How dates, times and names of config read on a page: filters for the templates, functions for everybody else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from functools import lru_cache

from babel.dates import format_datetime
from flask import Flask
from flask_babel import gettext as _

from config import Texts
from web.languages import language
from web.rows import Gathering, TimeSlot
from web.world import local


def install(app: Flask) -> None:
    """Give the templates their filters."""
    filters = (day, short_day, clock, dated, when, once, moment, words)
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
    """dinsdag 12 januari, 18.00 – 20.30 uur; of several dates every one that stands, each with its own hours."""
    return dates(session.dates or session.gatherings)


def dates(gatherings: Iterable[Gathering]) -> str:
    """Dates of one session, those with the same hours together."""
    hours: dict[tuple[str, str, bool], list[str]] = {}
    for one in gatherings:
        between = clock(one.starts), clock(one.ends), past_midnight(one.starts, one.ends)
        hours.setdefault(between, []).append(day(one.starts))
    return "; ".join(_at(days, *between) for between, days in hours.items())


def past_midnight(starts: datetime, ends: datetime) -> bool:
    """Whether it ends on another day than it begins; at midnight itself nobody thinks of another day."""
    return local(ends).date() != local(starts).date() and local(ends).time() != time()


def _at(days: list[str], start: str, end: str, night: bool) -> str:
    told = {"start": start, "end": end}
    told["days"] = days[0] if len(days) == 1 else _("%(days)s en %(last)s", days=", ".join(days[:-1]), last=days[-1])
    if night:
        return _("%(days)s, %(start)s – %(end)s uur de volgende dag", **told)
    return _("%(days)s, %(start)s – %(end)s uur", **told)


def once(gathering: Gathering) -> str:
    """dinsdag 12 januari, 18.00 – 20.30 uur"""
    return dates([gathering])


def span(starts: datetime, ends: datetime) -> str:
    """dinsdag 12 januari 2027, 18.00 – 20.30 uur: a letter is read long after it was written."""
    date = _told(language(), starts, "EEEE d MMMM y")
    return _at([date], clock(starts), clock(ends), past_midnight(starts, ends))


@lru_cache(4096)
def _told(code: str, at: datetime, pattern: str) -> str:
    """A moment in a language: pages tell the same few dates over and over, and Babel reads the pattern each time."""
    return format_datetime(local(at), pattern, locale=code)


def words(texts: Texts) -> str:
    """The text of config in the language of this page."""
    return texts[language()]
