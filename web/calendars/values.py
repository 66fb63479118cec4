"""Values as icalendar writes them, with what it does in another way than the calendars of people understand."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Parameters, Timezone, vCalAddress

from web.calendars.cleaning import name
from web.calendars.event import Party, whole_second
from web.identity import addresses

ZONE = ZoneInfo("Europe/Amsterdam")
UNQUOTED = "!$'*+"
# Without , and ; because vobject, and so Radicale, takes them for the end of a CONFERENCE.
URI = re.compile(r"https://[^\s\"<>\\^`{|},;\x00-\x1f\x7f-\U0010ffff]+")

# A constant: what icalendar makes of a zone lists every change (Outlook reads no lists) and has them at a wrong hour.
TIMEZONE = Timezone.from_ical(
    "BEGIN:VTIMEZONE\r\nTZID:Europe/Amsterdam\r\n"
    "BEGIN:DAYLIGHT\r\nDTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
    "TZNAME:CEST\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\n"
    "BEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"
    "TZNAME:CET\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"
    "END:VTIMEZONE\r\n"
)


class Quoted(Parameters):
    """icalendar quotes a name when it must; old readers drop whoever has an unquoted ü in it."""

    always_quoted = (*Parameters.always_quoted, "CN")  # type: ignore[assignment]  # typed by its length


def person(party: Party, **parameters: str) -> vCalAddress:
    """An ORGANIZER or ATTENDEE; who gave no name is called by the address."""
    address = vCalAddress(f"mailto:{_mailto(party.address)}")
    called = name(party.name) or name(party.address)
    address.params = Quoted({"CN": called, **{key.replace("_", "-"): value for key, value in parameters.items()}})
    return address


def _mailto(address: str) -> str:
    """The address as RFC 6068 writes it, its domain as it stands in the head of the mail."""
    local, _, domain = address.rpartition("@")
    return f"{quote(local, safe=UNQUOTED)}@{addresses.ascii_domain(domain) or domain}"


def moments(starts: datetime, ends: datetime) -> tuple[datetime, datetime]:
    """Both on the Dutch clock; both in UTC if that clock shows one of them twice."""
    utc = whole_second(starts), whole_second(ends)
    local = tuple(moment.astimezone(ZONE) for moment in utc)
    return utc if any(_twice(moment) for moment in local) else (local[0], local[1])


def _twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
