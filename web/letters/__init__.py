"""One function per letter: what somebody reads, in the language that is set; nothing about anybody else."""

from __future__ import annotations

from web.letters import afterwards, joining, places, staff
from web.letters.facts import Facts, Letter, Meeting
from web.letters.kinds import LetterKind, Method

__all__ = ["LETTERS", "OF_A_PLACE", "REMINDERS", "TO_WHO_LEFT", "Facts", "Letter", "LetterKind", "Meeting", "Method"]

LETTERS: dict[str, LetterKind] = {
    kind.name: kind
    for module in (joining, places, afterwards, staff)
    for kind in vars(module).values()
    if isinstance(kind, LetterKind)
}
"""Every kind of letter by its name: whatever `letter` stands above in these modules."""
OF_A_PLACE = tuple(kind.name for kind in LETTERS.values() if kind.method)
"""Names of the letters about the place that somebody has."""
REMINDERS = tuple(kind.name for kind in LETTERS.values() if kind.reminder)
TO_WHO_LEFT = tuple(kind.name for kind in LETTERS.values() if kind.to_who_left)
"""Names of the letters that somebody who left still gets."""
