"""What somebody wrote themselves, apart from the mail that they answer, which most mail programs put below it."""

from __future__ import annotations

import re

from mailparser_reply.constants import MAIL_LANGUAGES
from mailparser_reply.parser import EmailReplyParser

MOST = 3000
"""Characters that are looked at: more than anybody is shown."""
_WIDTH = 200
"""Characters of a line that the library sees: its patterns take hours for long ones that were made for that."""
_LANGUAGES = ["nl", *sorted(set(MAIL_LANGUAGES) - {"nl"})]
_QUOTED = re.compile(r"[ \t]*>")
_HEADS = re.compile(r"[-_]{5}|.*[@\d].*:\s*$")
"""What stands above a quotation in languages that the library does not know: a line of dashes, or who wrote when."""


def parted(text: str) -> tuple[str, str]:
    """What is new in an answer, and the rest: of the two nothing is lost.

    Whoever writes between or below the quoted lines is not torn apart: then all of it is new.
    """
    lines = text.strip()[:MOST].split("\n")
    new = _new(lines)
    while new and not lines[new - 1].strip():
        new -= 1
    new -= _heads(lines[:new]) if new < len(lines) else 0
    first, rest = "\n".join(lines[:new]).strip(), lines[new:]
    return (first, "\n".join(rest).strip()) if first and not _goes_on(rest) else ("\n".join(lines), "")


def _new(lines: list[str]) -> int:
    """How many lines there are before what a program put below them."""
    seen = "\n".join(line[:_WIDTH] for line in lines)
    replies = EmailReplyParser(languages=list(_LANGUAGES)).read(seen).replies
    new = replies[0].content.count("\n") + 1 if len(replies) > 1 and replies[0].content else len(lines)
    return min(new, next((at for at, line in enumerate(lines) if _QUOTED.match(line)), len(lines)))


def _heads(lines: list[str]) -> int:
    """How many of the last lines belong to the quotation below them."""
    if not lines or not _HEADS.match(lines[-1]):
        return 0
    # An address that did not fit stands on a line of its own.
    return 2 if "@" in lines[-1] and " " not in lines[-1] else 1


def _goes_on(rest: list[str]) -> bool:
    """Whether something that is not quoted comes after a line that is."""
    quoted = [at for at, line in enumerate(rest) if _QUOTED.match(line)]
    return bool(quoted) and any(line.strip() and not _QUOTED.match(line) for line in rest[quoted[0] :])
