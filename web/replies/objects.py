"""What a calendar object says, read leniently and in linear time: real programs fold, quote and end lines oddly.

A strict parser refuses the whole object for one bad line of no importance, so this reads what an answer needs and
nothing else. What an answer needs and cannot be read makes the event `doubtful`, for a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import unquote

from web.identity import addresses
from web.replies.plain import decoded, without_markup

_LINE = re.compile(r"([A-Za-z0-9-]+)(?=[;:])")
_PIECE = re.compile(r'"[^"]*"|[;:]')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CARET = {"^n": "\n", "^'": '"', "^^": "^"}
_NUMBER = re.compile(r"\d{1,9}")
_TEXTS = ("COMMENT", "X-RESPONSE-COMMENT")
_KINDS = ("VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY")


class UnreadableCalendar(Exception):
    """It is no calendar object, or not all of it."""


@dataclass(frozen=True, slots=True)
class CalendarAttendee:
    """An ATTENDEE: every address it goes by in lower case, and what it answers ("" if nothing is said)."""

    addresses: frozenset[str]
    partstat: str
    comment: str


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A VEVENT or its like with the METHOD of its calendar. A SEQUENCE or DTSTAMP of None is missing or no number."""

    kind: str
    method: str
    uid: str
    sequence: int | None
    stamp: datetime | None
    guests: tuple[CalendarAttendee, ...]
    comment: str
    recurring: bool
    doubtful: bool
    times: str


@dataclass(frozen=True, slots=True)
class _Property:
    name: str
    parameters: dict[str, list[str]]
    value: str

    @property
    def text(self) -> str:
        """The value with its escapes undone."""
        return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)


@dataclass(frozen=True, slots=True)
class _Component:
    kind: str
    properties: list[_Property]
    inside: list[_Component]


def read(content: bytes, charset: str = "") -> list[CalendarEntry]:
    """Every event, task and the like in a calendar object. Raises UnreadableCalendar."""
    calendars = [found for found in _components(content, charset) if found.kind == "VCALENDAR"]
    if not calendars:
        raise UnreadableCalendar
    return [
        _entry(found, _one(calendar.properties, "METHOD", "").upper())
        for calendar in calendars
        for found in calendar.inside
        if found.kind in _KINDS
    ]


def _components(content: bytes, charset: str) -> list[_Component]:
    stack = [_Component("", [], [])]
    for line in _lines(content, charset):
        found = _property(line)
        name = found.value.strip().upper()
        if found.name == "BEGIN":
            stack.append(_Component(name, [], []))
        elif found.name != "END":
            stack[-1].properties.append(found)
        elif len(stack) == 1 or stack[-1].kind != name:
            raise UnreadableCalendar
        else:
            done = stack.pop()
            stack[-1].inside.append(done)
    if len(stack) > 1:
        raise UnreadableCalendar
    return stack[0].inside


def _lines(content: bytes, charset: str) -> list[str]:
    """Content lines, unfolded. As bytes, because some fold in the middle of a character (RFC 5545, 3.1)."""
    if b"\x00" in content:  # UTF-16 or UTF-32
        content = decoded(content, charset).encode("utf-8", "replace")
    content = re.sub(rb"\r+\n|\r", b"\n", content.removeprefix(b"\xef\xbb\xbf"))
    lines: list[list[str]] = []
    for line in decoded(re.sub(rb"\n[ \t]", b"", content), charset).split("\n"):
        if _LINE.match(line):
            lines.append([line])
        elif lines:  # a fold whose white space was lost on the way, or a line end in the text that was not escaped
            lines[-1].append(line.rstrip())
    return ["".join(pieces) for pieces in lines]


def _property(line: str) -> _Property:
    """A content line; when its quotes do not match they are characters like others."""
    name = line[: found.end()] if (found := _LINE.match(line)) else ""
    cuts, value = [], None
    for piece in _PIECE.finditer(line if line.count('"') % 2 == 0 else line.replace('"', "'"), len(name)):
        if piece[0] in ";:":
            cuts.append(piece.start())
        if piece[0] == ":":
            value = line[piece.end() :]
            break
    pairs = [line[start + 1 : end] for start, end in pairwise(cuts)]
    parameters: dict[str, list[str]] = {}
    for key, _, said in (pair.partition("=") for pair in pairs):
        parameters.setdefault(key.strip().upper(), []).append(_unquoted(said))
    return _Property(name.upper(), parameters, value or "")


def _unquoted(text: str) -> str:
    return re.sub(r"\^[n'^]", lambda found: _CARET[found[0]], text.strip().strip('"'))


def _one(properties: list[_Property], name: str, missing: str) -> str:
    """What a property says that may stand there once; "?" if it stands there twice and differs."""
    said = {found.value.strip() for found in properties if found.name == name}
    return missing if not said else said.pop() if len(said) == 1 else "?"


def _entry(event: _Component, method: str) -> CalendarEntry:
    said = event.properties
    sequence, uid = _one(said, "SEQUENCE", ""), _one(said, "UID", "")
    guests = tuple(_guest(found) for found in said if found.name == "ATTENDEE")
    comments = [found.text for found in said if found.name in _TEXTS]
    return CalendarEntry(
        kind=event.kind,
        method=method,
        uid=uid,
        sequence=int(sequence) if _NUMBER.fullmatch(sequence) else None,
        stamp=_moment(_one(said, "DTSTAMP", "")),
        guests=guests,
        comment="\n".join(dict.fromkeys(text for text in map(_comment, comments) if text)),
        recurring=any(found.name == "RECURRENCE-ID" for found in said),
        doubtful=uid in ("", "?") or (bool(sequence) and not _NUMBER.fullmatch(sequence)),
        times=" – ".join(_local(value) for name in ("DTSTART", "DTEND") if (value := _one(said, name, ""))),
    )


def _comment(text: str) -> str:
    return without_markup(text).strip()


def _guest(found: _Property) -> CalendarAttendee:
    def of(name: str) -> list[str]:
        return found.parameters.get(name, [])

    answers = {text.strip().upper() for text in of("PARTSTAT")}
    known = {_address(text) for text in (found.value, unquote(found.value), *of("EMAIL"))}
    return CalendarAttendee(
        addresses=frozenset(known - {""}),
        partstat=answers.pop() if len(answers) == 1 else "?" if answers else "",
        comment="\n".join(filter(None, map(_comment, of("X-RESPONSE-COMMENT")))),
    )


def _address(text: str) -> str:
    """The canonical address of a property, or an empty text."""
    address = addresses.of_uri(text)
    return address if "@" in address else ""


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _local(text: str) -> str:
    """A date and time as they stand there, for a person to read."""
    found = re.match(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d))?", text)
    if not found:
        return ""
    day = f"{found[3]}-{found[2]}-{found[1]}"
    return f"{day} {found[4]}:{found[5]}{' UTC' if text.endswith('Z') else ''}" if found[4] else day
