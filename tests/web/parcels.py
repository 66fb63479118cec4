"""Parcels for the tests of channels."""

from __future__ import annotations

from typing import Any

from config import Sender
from tests.web.cast import NOW
from web.channels.parcel import CalendarPart, Parcel

SENDER = Sender("Re-bubbelen", "groepen@voorbeeld.example")
CALENDAR = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Caf\xc3\xa9\r\nEND:VCALENDAR\r\n"


def parcel(**more: Any) -> Parcel:
    """An e-mail to Bart."""
    usual = {
        "key": "placed:1",
        "owner": "signup-1",
        "channel": "email",
        "name": "Bart",
        "address": "bart@voorbeeld.example",
        "subject": "Je bent uitgenodigd",
        "text": "Dag Bart,\n\nJe hebt een plek.\n",
        "at": NOW,
    }
    return Parcel(**usual | more)


def invitation(**more: Any) -> Parcel:
    """An e-mail to Bart with everything in it."""
    whole = {
        "html": "<!doctype html><p>Dag Bart,<p>Je hebt een plek.",
        "calendars": (CalendarPart("REQUEST", CALENDAR),),
        "from_address": "rsvp-k7q2m4xn5rt8vw3zc6bd9fghjs@voorbeeld.example",
        "bounce": "bounce-a2m4xn5rt8vw3zc6bd9fghjsk7@voorbeeld.example",
    }
    return parcel(**whole | more)
