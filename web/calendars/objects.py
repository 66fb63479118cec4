"""The four objects that calendars get from us: a request, a cancellation, a file to download and a feed to follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

import icalendar
from icalendar import vText, vUri

from web.calendars.cleaning import line, paragraphs, short_line
from web.calendars.event import Event, Party, whole_second
from web.calendars.values import TIMEZONE, URI, moments, person
from web.identity import addresses

PRODUCT = "-//Re-bubbelen//Re-bubbelen 1//NL"
EVERY_HOUR = timedelta(hours=1)
NEEDS_ACTION = "NEEDS-ACTION"
ANSWERS = (NEEDS_ACTION, "ACCEPTED", "TENTATIVE", "DECLINED")
# Not from the catalogues: a feed is followed for years, and its words go with the event, not with who asks for it.
CALLED_OFF = {"en": "Cancelled: "}
JOIN = {"en": "Join online"}


def request(event: Event, organiser: Party, attendee: Party, partstat: str = NEEDS_ACTION) -> bytes:
    """An invitation, or the update of one. Raises ValueError for a date that is off: that is a cancellation."""
    if event.cancelled:
        raise ValueError("a REQUEST for a date that is off leaves it in the calendar; send a CANCEL")
    return _written(_calendar([_mailed(event, organiser, attendee, partstat)], "REQUEST"))


def cancel(event: Event, organiser: Party, attendee: Party) -> bytes:
    """It is off, for this attendee at least."""
    component = _mailed(event, organiser, attendee, NEEDS_ACTION)
    component["STATUS"], component["TRANSP"] = "CANCELLED", "TRANSPARENT"
    return _written(_calendar([component], "CANCEL"))


def download(*events: Event) -> bytes:
    """A file for whoever opens it: it names nobody, because clients mail their answer to an organiser they find."""
    return _written(_calendar([_published(event) for event in _in_order(events)], "PUBLISH"))


def feed(name: str, events: Sequence[Event]) -> bytes:
    """A calendar to follow. The same events give the same bytes, in whatever order they come."""
    calendar = _calendar([_published(event) for event in _in_order(events)])
    for key in ("NAME", "X-WR-CALNAME"):
        # Said to be text: icalendar leaves a comma bare in what it does not know.
        calendar.add(key, vText(short_line(name)))
    calendar.add("REFRESH-INTERVAL", EVERY_HOUR, parameters={"VALUE": "DURATION"})
    # Outlook never asks oftener than the first tells it to, and others read only the second.
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    return _written(calendar)


def etag(content: bytes) -> str:
    """A strong ETag without its quotes, as Response.set_etag wants it: other bytes, another tag."""
    return sha256(content).hexdigest()[:32]


def _in_order(events: Sequence[Event]) -> list[Event]:
    return sorted(events, key=lambda event: (whole_second(event.starts), event.uid))


def _calendar(components: Sequence[icalendar.Event], method: str = "") -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODUCT)
    if method:
        calendar.add("METHOD", method)
    # Only if one of them is on the Dutch clock; but an empty feed needs some component to be a calendar (RFC 5545 3.6).
    if not components or any("TZID" in component["DTSTART"].params for component in components):
        calendar.add_component(TIMEZONE)
    for component in components:
        calendar.add_component(component)
    return calendar


def _mailed(event: Event, organiser: Party, attendee: Party, partstat: str) -> icalendar.Event:
    if partstat not in ANSWERS:
        raise ValueError(f"not an answer that we keep: {partstat}")
    if addresses.same(organiser.address, attendee.address):
        raise ValueError("who asks is also who is asked: a calendar would show no buttons")
    if set("+%") & set(organiser.address):
        raise ValueError(f"Outlook drops a + or % and answers nobody: {organiser.address}")
    component = _component(event)
    component.add("ORGANIZER", person(organiser))
    rsvp = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": partstat, "RSVP": "TRUE"}
    component.add("ATTENDEE", person(attendee, **rsvp, X_NUM_GUESTS="0"))
    return component


def _published(event: Event) -> icalendar.Event:
    component = _component(event)
    component.add("LAST-MODIFIED", whole_second(event.stamp))
    if event.cancelled:
        # Outlook shows of a date that is off only its title.
        called_off = CALLED_OFF.get(event.language, "Geannuleerd: ")
        component["SUMMARY"] = short_line(called_off + event.title)
    return component


def _component(event: Event) -> icalendar.Event:
    component = icalendar.Event()
    starts, ends = moments(event.starts, event.ends)
    component.add("UID", event.uid)
    component.add("SEQUENCE", event.sequence)
    component.add("DTSTAMP", whole_second(event.stamp))
    component.add("DTSTART", starts)
    component.add("DTEND", ends)
    component.add("SUMMARY", short_line(event.title))
    component.add("STATUS", "CANCELLED" if event.cancelled else "CONFIRMED")
    component.add("TRANSP", "TRANSPARENT" if event.cancelled or event.free else "OPAQUE")
    component.add("CLASS", "PRIVATE")
    component.add("X-MICROSOFT-DISALLOW-COUNTER", "TRUE")
    _whereabouts(component, event)
    return component


def _whereabouts(component: icalendar.Event, event: Event) -> None:
    place, link, text = line(event.place), line(event.link), paragraphs(event.description)
    if place and link and link not in text:
        text = paragraphs(f"{event.description}\n{link}")
    component.add("DESCRIPTION", text)
    if place or link:
        component.add("LOCATION", place or link)
    if URI.fullmatch(link):
        # An extra: only some calendars make a button of it.
        label = JOIN.get(event.language, "Online meedoen")
        component.add("CONFERENCE", vUri(link), parameters={"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": label})
    if URI.fullmatch(event.url):
        component.add("URL", vUri(event.url))
    if event.geo:
        # Four decimals are five metres; a smaller number than 0.0001 would be written with an exponent.
        component.add("GEO", tuple(round(degrees, 4) for degrees in event.geo))


def _written(calendar: icalendar.Calendar) -> bytes:
    return bytes(calendar.to_ical())
