"""What a kind of letter is: how it is written, what lists call it, its calendar method, and who still gets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString

from web.letters.facts import Facts, Letter

Write = Callable[[str, Facts, str], Letter]
"""To whom, what, and the link of the letter: the own page, the list, the offer; empty if there is none."""


class Method(StrEnum):
    """What a calendar does with the object that goes along (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True, eq=False)
class LetterKind:
    """A kind of letter. `name` is what DueLetter.kind says, `words` what lists call it, in the language that is set.

    `method` is that of the calendar object by mail; the letters that have one tell of the place that somebody has.
    `to_who_left`: somebody who left still gets it. `reminder`: nobody's act asks for it, it comes some days before a
    date, by day, not to who wants no reminders.
    """

    name: str
    write: Write
    words: LazyString
    method: Method | None
    to_who_left: bool
    reminder: bool


def letter(
    words: LazyString, *, method: Method | None = None, to_who_left: bool = False, reminder: bool = False
) -> Callable[[Write], LetterKind]:
    """Make the function below it, which writes a letter, a kind of letter with the name of the function."""

    def made(write: Write) -> LetterKind:
        return LetterKind(write.__name__, write, words, method, to_who_left, reminder)

    return made
