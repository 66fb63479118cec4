"""The blocks of a letter: each knows its plain text; the template shows the same fields as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Protocol

from flask_babel import gettext as _

from web.letters.facts import Meeting

# They turn the direction of everything that follows, or cannot be seen at all.
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def plain(said: str) -> str:
    """One line without surprises, whatever somebody typed as a title or a name."""
    return " ".join(_UNSEEN.sub("", said).split())


class Block(Protocol):
    """A piece of a letter. `kind` is the name of its macro in the template."""

    kind: ClassVar[str]

    def text(self) -> str:
        """As a paragraph of plain text."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences; `strong` is for the one thing that may not be missed."""

    kind: ClassVar[str] = "paragraph"
    said: str
    strong: bool = False

    def text(self) -> str:
        """The sentences."""
        return plain(self.said)


@dataclass(frozen=True, slots=True)
class Note:
    """Sentences that matter less."""

    kind: ClassVar[str] = "note"
    said: str

    def text(self) -> str:
        """The sentences."""
        return plain(self.said)


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody else wrote, with their own paragraphs."""

    kind: ClassVar[str] = "quote"
    said: str

    @property
    def paragraphs(self) -> list[str]:
        """Its paragraphs, each on one line."""
        return [found for part in re.split(r"\n\s*\n", self.said.replace("\r\n", "\n")) if (found := plain(part))]

    def text(self) -> str:
        """The paragraphs."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class DateCard:
    """When and where somebody is expected."""

    kind: ClassVar[str] = "card"
    meeting: Meeting

    @property
    def when(self) -> tuple[str, str, str]:
        """Its label, the day and the time."""
        return _("Wanneer"), plain(self.meeting.day), plain(self.meeting.time)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Labels with everything else that is known of it."""
        one = self.meeting
        found = (
            (_("Waar"), one.place),
            (_("Doe mee via"), one.link),
            (_("Jouw plek"), one.group),
            (_("We spreken"), one.language),
        )
        return [(label, plain(value)) for label, value in found if value]

    def text(self) -> str:
        """A line for every fact."""
        when = f"{self.when[0]}: {', '.join(part for part in self.when[1:] if part)}"
        return "\n".join([when, *(f"{label}: {value}" for label, value in self.rows)])


@dataclass(frozen=True, slots=True)
class Dates:
    """Several dates, shorter than on cards; `over` strikes them through."""

    kind: ClassVar[str] = "dates"
    label: str
    meetings: tuple[Meeting, ...]
    over: bool = False

    @property
    def lines(self) -> list[list[str]]:
        """Day, time, and what else tells dates apart."""
        return [
            [part for part in map(plain, (one.day, one.time, one.place, one.group)) if part] for one in self.meetings
        ]

    def text(self) -> str:
        """A list."""
        return "\n".join([self.label, *(f"- {', '.join(line)}" for line in self.lines)])


@dataclass(frozen=True, slots=True)
class Button:
    """The one thing to do; `quiet` if most people need not."""

    kind: ClassVar[str] = "button"
    label: str
    link: str
    quiet: bool = False

    def text(self) -> str:
        """The link on a line of its own, so that nothing sticks to it."""
        return f"{self.label}:\n{self.link}"


@dataclass(frozen=True, slots=True)
class Link:
    """Something else that can be done."""

    kind: ClassVar[str] = "link"
    label: str
    link: str

    def text(self) -> str:
        """The link on a line of its own, so that nothing sticks to it."""
        return f"{self.label}:\n{self.link}"


@dataclass(frozen=True, slots=True)
class Code:
    """Something to write down, or to say on the phone."""

    kind: ClassVar[str] = "code"
    label: str
    value: str
    said: str = ""

    def text(self) -> str:
        """On one line."""
        return plain(f"{self.label}: {self.value}. {self.said}")


@dataclass(frozen=True, slots=True)
class Tasks:
    """What to do today: label, number, link."""

    kind: ClassVar[str] = "tasks"
    counts: tuple[tuple[str, int, str], ...]

    @property
    def lines(self) -> list[tuple[str, int, str]]:
        """The labels on one line each."""
        return [(plain(label), count, link) for label, count, link in self.counts]

    def text(self) -> str:
        """A list."""
        return "\n".join(f"- {label}: {count}" + (f"\n  {link}" if link else "") for label, count, link in self.lines)
