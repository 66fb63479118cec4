"""Words about when, as people write them in a list: weekdays, dates, hours and 'alle', read as times of one series."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Literal

from babel.dates import get_day_names, get_month_names

from web.rows import TimeSlot
from web.services.signups.importing.columns import folded
from web.world import local

Fits = Callable[[datetime], bool]
"""Whether a date, on the clock of the neighbourhood, is what somebody wrote."""

_ALL = frozenset(
    """alle|allemaal|alles|altijd|alle dagen|alle keren|alle tijden|alle avonden|elke keer|iedere keer|elke dag|beide
    |beiden|maakt niet uit|kan altijd|all|any|always|anytime|every|everything|both|all times|all dates
    |all days""".replace("\n    ", "").split("|")
)
_FILLERS = frozenset(
    ["de", "het", "op", "om", "ook", "kan", "ik", "van", "uur", "u", "h", "hrs", "at", "on", "the", "s"]
)
_PARTS_OF_DAY = {
    "ochtend": (5, 12),
    "morgens": (5, 12),
    "morning": (5, 12),
    "middag": (12, 18),
    "middags": (12, 18),
    "afternoon": (12, 18),
    "avond": (17, 24),
    "avonds": (17, 24),
    "evening": (17, 24),
}
_TOKEN = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})(?:[tT ](?P<isotime>\d{2}:\d{2})(?::\d{2})?)?"
    r"|(?P<slash>\d{1,2}(?P<sep>[-/])\d{1,2}(?:(?P=sep)(?:\d{4}|\d{2}))?)(?![\d:])"
    r"|(?P<clock>\d{1,2}[.:][0-5]\d)(?!\d)(?::\d{2})?(?:\s*(?:-|–|tot|to|until)\s*\d{1,2}(?:[.:]\d{2})?(?!\w))?"
    r"|(?P<hour>\d{1,2})\s*(?:uur|u\b|h\b)"
    r"|(?P<dated>\d{1,2})(?:e|de|ste|st|nd|rd|th)?\s+(?=[^\W\d]{3})"
    r"|(?P<number>\d+(?:\.\d+)?)|(?P<word>[^\W\d_]+)|(?P<stop>[,;|&+/\n])"
)
Width = Literal["wide", "abbreviated"]
_WIDTHS: tuple[Width, ...] = ("wide", "abbreviated")
_FIRST = datetime(1899, 12, 30)
_SERIALS = (36_526, 73_050)
"""The days of Excel from 2000 to 2100."""


@dataclass(frozen=True)
class Times:
    """The times of a series, numbered from 1 as the empty file does; `ahead` are those that are still to come.

    `languages` are those of the screens: a weekday may be written in any of them.
    """

    sessions: Sequence[TimeSlot]
    ahead: frozenset[int]
    languages: tuple[str, ...]

    def read(self, text: str, *, heading: bool = False) -> frozenset[int] | None:
        """The times that a text means, none of them if it is about another day; None if it is not about time.

        Above a column 'alle' says nothing.
        """
        if folded(text) in _ALL:
            return None if heading else self.ahead
        phrases = self._phrases(text)
        if phrases is None:
            return None
        found = {one.id for one in self.sessions if any(self._fits(one, fits) for fits in phrases)}
        return frozenset(found & self.ahead or found)

    def cell(self, ids: frozenset[int]) -> str:
        """Times as the empty file would say them: `1|3`."""
        return "|".join(str(number) for number, one in enumerate(self.sessions, 1) if one.id in ids)

    def _fits(self, session: TimeSlot, phrase: list[Fits]) -> bool:
        starts = [local(one.starts) for one in session.dates or session.gatherings]
        return any(all(fits(start) for fits in phrase) for start in starts)

    def _phrases(self, text: str) -> list[list[Fits]] | None:
        """What is said, one list for every moment: `di 12 jan of do` is two."""
        found: list[list[Fits]] = []
        kinds: set[str] = set()
        rest = text.casefold()
        for kind, fits in self._said(rest):
            if kind == "strange":
                return None
            if kind == "stop":
                kinds.clear()
                continue
            if not kinds or kind in kinds:
                found.append([])
                kinds = set()
            kinds.add(kind)
            assert fits is not None
            found[-1].append(fits)
        return found or None

    def _said(self, text: str) -> Iterator[tuple[str, Fits | None]]:
        """Every piece of a text with its kind; what means nothing here is `strange`."""
        day: int | None = None
        for match in _TOKEN.finditer(text):
            kind, said = str(match.lastgroup), match.group(str(match.lastgroup))
            if kind == "isotime":
                kind, said = "iso", match["iso"]
            if kind == "sep":
                kind, said = "slash", match["slash"]
            if kind == "dated":
                day = int(said)
            elif kind == "word" and day is not None:
                month = self._named(self._months, said, 3)
                yield ("date", _on(day, month)) if month else ("strange", None)
                day = None
            elif kind == "word":
                yield from self._word(said)
            else:
                yield from _counted(kind, said, match)

    def _word(self, said: str) -> Iterator[tuple[str, Fits | None]]:
        if said in ("en", "of", "and", "or"):
            yield "stop", None
        elif said in _FILLERS:
            return
        elif part := _PARTS_OF_DAY.get(said):
            yield "clock", _between(*part)
        elif (weekday := self._named(self._weekdays, said, 2)) is not None:
            yield "weekday", _weekday(weekday)
            ending = next((part for part in _PARTS_OF_DAY if said.endswith(part)), None)
            if ending:
                yield "clock", _between(*_PARTS_OF_DAY[ending])
        else:
            yield "strange", None

    @staticmethod
    def _named(names: dict[str, int], said: str, least: int) -> int | None:
        """The weekday or month of a name, its beginning or what begins with it: `di`, `dins`, `dinsdagavond`."""
        if said in names:
            return names[said]
        close = {at for name, at in names.items() if len(said) >= least + 1 and name.startswith(said)}
        longer = {at for name, at in names.items() if len(name) > least + 2 and said.startswith(name)}
        return next(iter(close or longer)) if len(close or longer) == 1 else None

    @cached_property
    def _weekdays(self) -> dict[str, int]:
        return self._names(lambda width, code: get_day_names(width, locale=code))

    @cached_property
    def _months(self) -> dict[str, int]:
        return self._names(lambda width, code: get_month_names(width, locale=code))

    def _names(self, of: Callable[[Width, str], Mapping[Any, str]]) -> dict[str, int]:
        """Every name in every language; of names alike the first language counts."""
        found: dict[str, int] = {}
        for code in self.languages:
            for width in _WIDTHS:
                for at, name in of(width, code).items():
                    found.setdefault(name.casefold().rstrip("."), at)
        return found


def _counted(kind: str, said: str, match: re.Match[str]) -> Iterator[tuple[str, Fits | None]]:
    """A piece with figures."""
    if kind == "stop":
        yield "stop", None
    elif kind == "iso":
        yield "date", _that(said)
        if (at := match["isotime"]) and at != "00:00":
            yield "clock", _clock(at)
    elif kind == "slash":
        day, month = map(int, re.split(r"[-/]", said)[:2])
        yield "date", _on(day, month)
    elif kind in ("clock", "hour"):
        yield "clock", _clock(said)
    else:
        yield from _serial(float(said))


def _serial(number: float) -> Iterator[tuple[str, Fits | None]]:
    """A date as Excel counts it, when the cell is not said to be a date: 46399 or 46399.75."""
    whole, part = int(number), number % 1
    if not (_SERIALS[0] <= whole < _SERIALS[1] or (whole == 0 and part)):
        yield "strange", None
        return
    at = _FIRST + timedelta(minutes=round(number * 24 * 60))
    if whole:
        yield "date", lambda start: start.date() == at.date()
    if part:
        yield "clock", _clock(f"{at.hour}:{at.minute:02}")


def _that(said: str) -> Fits:
    year, month, day = map(int, said.split("-"))
    try:
        meant = date(year, month, day)
    except ValueError:
        return lambda start: False
    return lambda start: start.date() == meant


def _on(day: int, month: int) -> Fits:
    return lambda start: (start.day, start.month) == (day, month)


def _weekday(number: int) -> Fits:
    return lambda start: start.weekday() == number


def _clock(said: str) -> Fits:
    """7.00 is the evening as well, where nothing begins in the morning at seven."""
    hour, _, minute = said.replace(".", ":").partition(":")
    meant = {(int(hour) % 24, int(minute or 0)), ((int(hour) + 12) % 24, int(minute or 0)) if int(hour) < 9 else None}
    return lambda start: (start.hour, start.minute) in meant


def _between(first: int, last: int) -> Fits:
    return lambda start: time(first) <= start.time() and start.hour < last
