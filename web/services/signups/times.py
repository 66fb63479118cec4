"""Which times somebody who signs up can still come to: not what began or does not take place."""

from __future__ import annotations

from datetime import datetime

from web.errors import N_, Mishap
from web.rows import Series
from web.services.signups.answers import Answers


class TimesOver(Mishap):
    """Every time that was chosen began, or does not take place."""

    status = 409
    sentence = N_("De tijden die je koos, zijn voorbij of gaan niet door. Kies een andere tijd.")


def ahead(series: Series, answers: Answers, now: datetime) -> Answers:
    """The answers with only the times that are ahead. Raises TimesOver if none of those that were chosen is."""
    still = answers.sessions & {row.id for row in series.ahead(now)}
    if answers.sessions and not still:
        raise TimesOver
    return answers.changed({"sessions": still, "prefers": answers.prefers & still})
