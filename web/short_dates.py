"""Several dates in one short line, a function per language: the weekday once, the month once.

'dinsdagen 1, 8 en 15 december', 'Tuesdays 1, 8 and 15 December'. A language without a function here names every date.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

from babel.dates import format_date, get_day_names
from babel.lists import format_list


def told(days: Sequence[date], code: str) -> str:
    """The dates, in their order, in a language."""
    return _LANGUAGES.get(code, _in_full)(days, code)


def dutch(days: Sequence[date], code: str = "nl") -> str:
    """dinsdag 1 december; dinsdagen 1, 8 en 15 december; vr 4, zo 6 en di 8 december"""
    return _short(days, code, "{}en")


def english(days: Sequence[date], code: str = "en") -> str:
    """Tuesday 1 December; Tuesdays 1, 8 and 15 December; Fri 4, Sun 6 and Tue 8 December"""
    return _short(days, code, "{}s")


def _short(days: Sequence[date], code: str, plural: str) -> str:
    if len(days) == 1:
        return format_date(days[0], "EEEE d MMMM", locale=code)
    numbers = [str(day.day) if same else f"{day.day} {_month(day, code)}" for day, same in _same_month(days)]
    if len({day.weekday() for day in days}) == 1:
        weekday = get_day_names("wide", locale=code)[days[0].weekday()]
        return f"{plural.format(weekday)} {_listed(numbers, code)}"
    return _listed([f"{_abbreviated(day, code)} {number}" for day, number in zip(days, numbers, strict=True)], code)


def _same_month(days: Sequence[date]) -> list[tuple[date, bool]]:
    """Each date, and whether the next is in its month, so that the month need not be said yet."""
    before = [(one, (one.year, one.month) == (then.year, then.month)) for one, then in pairwise(days)]
    return [*before, (days[-1], False)]


def _in_full(days: Sequence[date], code: str) -> str:
    return _listed([format_date(day, "EEEE d MMMM", locale=code) for day in days], code)


def _listed(parts: Sequence[str], code: str) -> str:
    # English of the Kingdom has no comma before 'and', as Dutch has none.
    return format_list(parts, locale={"en": "en_GB"}.get(code, code))


def _month(day: date, code: str) -> str:
    return format_date(day, "MMMM", locale=code)


def _abbreviated(day: date, code: str) -> str:
    return format_date(day, "EEE", locale=code)


_LANGUAGES: dict[str, Callable[[Sequence[date], str], str]] = {"nl": dutch, "en": english}
