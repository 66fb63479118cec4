"""Which times somebody who signs up can still come to: not what began or does not take place."""

from __future__ import annotations

from datetime import datetime

from web.errors import N_, Mishap
from web.rows import Series


class TimesOver(Mishap):
    """Every time that was chosen began, or does not take place."""

    status = 409
    sentence = N_("De tijden die je koos, zijn voorbij of gaan niet door. Kies een andere tijd.")


def ahead(series: Series, chosen: tuple[tuple[int, bool], ...], now: datetime) -> tuple[tuple[int, bool], ...]:
    """Of times that were chosen, and whether gladly, those that are ahead. Raises TimesOver if none of them is."""
    coming = {row.id for row in series.ahead(now)}
    still = tuple((id, gladly) for id, gladly in chosen if id in coming)
    if chosen and not still:
        raise TimesOver
    return still
