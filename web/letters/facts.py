"""What a letter is made of, and what comes out: facts in words, and a letter without an address."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in three shapes: plain text (also to read aloud or to print), HTML, and a text message."""

    subject: str
    text: str
    html: str
    short: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """A date in words: 'dinsdag 3 november 2026, 19.30 – 21.30 uur'. `link` is where to join online."""

    when: str
    place: str = ""
    link: str = ""
    group: str = ""
    language: str = ""

    @property
    def day(self) -> str:
        """dinsdag 3 november 2026"""
        return self.when.partition(", ")[0]

    @property
    def time(self) -> str:
        """19.30 – 21.30 uur"""
        return self.when.partition(", ")[2]


@dataclass(frozen=True, slots=True)
class Facts:
    """What letters tell; every letter takes from it what it needs, and says nothing of what is empty.

    `before` is what was told earlier and is no longer so; `reason` (called_off, lost, fewer, released, left, moved) is
    why. `lost` is where to ask for a new personal link, `answer` the page of one invitation,
    `coming` whether they said there already that they come, `there` whether they were seen at that date, `agenda` its
    calendar file, `unsubscribe` where reminders stop, `how` where to say how it was. `story` is free text of an
    organiser.
    `pages` are the own pages of everybody who shares this address: whose and of what, and the link. `counts` are the
    lines of a digest: label, number, link. `lists` are those of a facilitator, if there are several: dates, PIN
    and link of each. `clock` is what time it was, and what a clock says that jumped.
    """

    title: str
    sender: str
    contact: str = ""
    meetings: tuple[Meeting, ...] = ()
    before: tuple[Meeting, ...] = ()
    reason: str = ""
    code: str = ""
    waiting: bool = False
    pin: str = ""
    lost: str = ""
    answer: str = ""
    coming: bool = False
    there: bool = False
    agenda: str = ""
    unsubscribe: str = ""
    deadline: str = ""
    how: str = ""
    story: str = ""
    pages: tuple[tuple[str, str], ...] = ()
    counts: tuple[tuple[str, int, str], ...] = ()
    lists: tuple[tuple[tuple[Meeting, ...], str, str], ...] = ()
    clock: tuple[str, str] = ("", "")
