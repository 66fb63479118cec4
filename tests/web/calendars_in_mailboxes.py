"""What people know: a calendar per mailbox, kept as a calendar program does, and what letters and callers told them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes

import icalendar

from web.channels.parcel import Parcel

ABOUT_PLACES = ("placed", "changed", "cancelled")
_GROUP = re.compile(r"(?:groep|tafel) (\d+)")


@dataclass(frozen=True, slots=True)
class Shown:
    """An event in a calendar; `answers` is the address that answers go to."""

    sequence: int
    stamp: datetime
    method: str
    starts: datetime
    ends: datetime
    place: str
    answers: str


@dataclass
class Calendars:
    """By mailbox and UID the event that the last invitation or cancellation left there."""

    boxes: dict[str, dict[str, Shown]] = field(default_factory=lambda: defaultdict(dict))

    def take(self, parcel: Parcel, raw: bytes) -> None:
        """A mail arrives; fails for what would leave a calendar wrong."""
        mail = message_from_bytes(raw)
        parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        files = [part for part in mail.walk() if part.get_content_type() == "application/ics"]
        if not parts and not files:
            return
        (first,) = parts
        assert first.get_payload(decode=True) == files[0].get_payload(decode=True), "other bytes in the file (rule 3)"
        calendar = icalendar.Calendar.from_ical(first.get_payload(decode=True))
        (event,) = calendar.walk("VEVENT")
        assert str(event["ORGANIZER"]).removeprefix("mailto:") in mail["From"], "answers go elsewhere (rule 6)"
        for file in files:
            self._object(parcel, icalendar.Calendar.from_ical(file.get_payload(decode=True)))

    def _object(self, parcel: Parcel, calendar: icalendar.Calendar) -> None:
        (event,) = calendar.walk("VEVENT")
        assert str(event["ATTENDEE"]).lower() == f"mailto:{parcel.address.lower()}", "another is invited (rule 23)"
        hour = f"{event['DTSTART'].dt:%H.%M}"
        assert hour in parcel.text or hour.replace(".", ":") in parcel.text, "the letter tells another hour"
        self._apply(parcel.address.lower(), str(event["UID"]), _shown(calendar, event))

    def _apply(self, address: str, uid: str, new: Shown) -> None:
        old = self.boxes[address].get(uid)
        if old is not None:
            assert (new.sequence > old.sequence, new.stamp > old.stamp) == (True, True), "ignored by calendars (17, 18)"
            assert old.method != "CANCEL", "what was cancelled does not come back (rule 32)"
            assert old.answers == new.answers, "two people in one event"
            same = (old.starts, old.ends) == (new.starts, new.ends)
            assert same or new.method != "CANCEL", "struck through at another hour than it stands"
        self.boxes[address][uid] = new

    def standing(self, address: str) -> list[Shown]:
        """What a mailbox shows."""
        return [event for event in self.boxes[address].values() if event.method == "REQUEST"]


def _shown(calendar: icalendar.Calendar, event: icalendar.Event) -> Shown:
    return Shown(
        sequence=int(event["SEQUENCE"]),
        stamp=event["DTSTAMP"].dt,
        method=str(calendar["METHOD"]),
        starts=event["DTSTART"].dt.astimezone(UTC),
        ends=event["DTEND"].dt.astimezone(UTC),
        place=str(event.get("LOCATION", "")),
        answers=str(event["ORGANIZER"]).removeprefix("mailto:"),
    )


@dataclass
class Heard:
    """What somebody was told, letter by letter: kind, text, and number of the letter."""

    letters: list[tuple[str, str, int]] = field(default_factory=list)

    def known(self) -> dict[str, tuple[str, str]]:
        """By date in words where, and at which table: as somebody understands it who reads every letter in order."""
        found: dict[str, tuple[str, str]] = {}
        for kind, text, _ in self.letters:
            if kind in ABOUT_PLACES:
                cards, over = _cards(text), [line[2:] for line in text.splitlines() if line.startswith("- ")]
                gone = [when for when in found if any(_means(one, when, found[when], cards) for one in over)]
                found = {when: where for when, where in found.items() if when not in gone} | cards
        return found


def _cards(text: str) -> dict[str, tuple[str, str]]:
    found = {}
    for paragraph in text.split("\n\n"):
        said = dict(line.partition(": ")[::2] for line in paragraph.splitlines())
        if "Wanneer" in said:
            tables = [hit[1] for value in said.values() if (hit := _GROUP.fullmatch(value))]
            found[said["Wanneer"]] = (said.get("Waar", ""), "".join(tables))
    return found


def _means(over: str, when: str, where: tuple[str, str], cards: dict[str, tuple[str, str]]) -> bool:
    """Whether a line says that a date is no longer so. Of one that took the place of one it tells what is otherwise."""
    if over.startswith(when):
        return True
    if len(cards) != 1:
        return False
    ((now, there),) = cards.items()
    was, is_ = when.split(", "), now.split(", ")
    left = [old for old, new in zip((*was, where[0]), (*is_, there[0]), strict=True) if old != new]
    return bool(left) and re.sub(r"(, |^)(groep|tafel) \d+$", "", over) == ", ".join(left)
