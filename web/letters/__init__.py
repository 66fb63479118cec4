"""One function per letter: what somebody reads, in the language that is set; nothing about anybody else."""

from __future__ import annotations

from collections.abc import Callable

from web.letters.afterwards import series_closed, thanks
from web.letters.facts import Facts, Letter, Meeting
from web.letters.joining import confirmation, link, times_changed
from web.letters.places import cancelled, changed, offer, placed, reminder_day, reminder_week, waiting
from web.letters.staff import digest, list_changed, list_ready, test

__all__ = ["LETTERS", "Facts", "Letter", "Meeting", "Write"]

Write = Callable[[str, Facts, str], Letter]
"""To whom, what, and the link of the letter: the own page, the list, the offer; empty if there is none."""

LETTERS: dict[str, Write] = {
    write.__name__: write
    for write in (
        confirmation,
        link,
        placed,
        changed,
        cancelled,
        waiting,
        offer,
        reminder_week,
        reminder_day,
        thanks,
        series_closed,
        times_changed,
        list_ready,
        list_changed,
        digest,
        test,
    )
}
