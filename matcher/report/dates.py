"""When and where a session is, in words."""

from __future__ import annotations

from datetime import datetime, time
from itertools import zip_longest

from babel import Locale

from matcher.domain import Problem, Session
from matcher.words import Words


def day(words: Words, moment: datetime) -> str:
    """Maandag 11 januari 2027, without a capital."""
    names = Locale.parse(words.lang)
    month = names.months["format"]["wide"][moment.month]
    return f"{names.days['format']['wide'][moment.weekday()]} {moment.day} {month} {moment.year}"


def short_day(words: Words, moment: datetime) -> str:
    """Ma 11 jan, without a capital: for narrow columns."""
    names = Locale.parse(words.lang)
    month = names.months["format"]["abbreviated"][moment.month]
    return f"{names.days['format']['wide'][moment.weekday()][:2]} {moment.day} {month}"


def clock(words: Words, moment: datetime) -> str:
    """19.00 in Dutch, 19:00 in English."""
    return moment.strftime(words("calendar.clock"))


def span(words: Words, start: datetime, end: datetime | None = None) -> str:
    """A start and an end as one phrase; a start at midnight without an end is a day without a time."""
    if end is None:
        if start.time() == time():
            return day(words, start)
        return words("calendar.from", day=day(words, start), start=clock(words, start))
    if start.date() == end.date():
        return words("calendar.span", day=day(words, start), start=clock(words, start), end=clock(words, end))
    return words(
        "calendar.nights",
        day=day(words, start),
        start=clock(words, start),
        last=day(words, end),
        end=clock(words, end),
    )


def times(words: Words, session: Session) -> list[str]:
    """Every date of a session, in order."""
    ends = session.ends[: len(session.starts)]
    return [span(words, start, end) for start, end in zip_longest(session.starts, ends) if start is not None]


def title(words: Words, session: Session) -> str:
    """What a session is called: its date, or its first date and how many there are, or its id."""
    when = times(words, session)
    if not when:
        return session.id
    said = when[0]
    if len(when) > 1:
        said = words("calendar.series", n=len(when), first=day(words, session.starts[0]))
    return said[:1].upper() + said[1:]


def place(words: Words, session: Session) -> str:
    """Venue and way of meeting; empty when neither says anything."""
    mode = words.name("modes", session.mode) if session.mode != "here" else ""
    return ", ".join(part for part in (session.venue, mode) if part)


def moment(words: Words, text: str) -> str:
    """An ISO date and time in words; anything else stays as it is."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return words("calendar.at", day=day(words, found), start=clock(words, found))


def in_order(problem: Problem) -> list[Session]:
    """The sessions by round, then by first start, then as they were given; those without a time come last."""
    return sorted(problem.sessions, key=lambda s: (s.round, s.starts[0].isoformat() if s.starts else "~"))
