"""The words of the call list: its days, what it can be narrowed by, and what a call is about in half a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from web.formatting import clock, day, moment, short_day
from web.organiser.message_words import WAYS, kind
from web.services.messages.call_lines import DAY, NO_DAY, SERIES, WAY
from web.services.messages.calling import Call, CallList
from web.world import ZONE, local

PARAMETERS = {DAY: "dag", SERIES: "ontmoeting", WAY: "via"}
"""What the address of the page calls them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow the list: how many it shows, where it leads, and whether it is chosen."""

    text: str
    count: int
    url: str
    current: bool


def chosen(arguments: Mapping[str, str]) -> dict[str, str]:
    """What an address narrows the list by."""
    return {facet: arguments.get(name, "") for facet, name in PARAMETERS.items()}


def address(chosen: Mapping[str, str], page: str = "calls", **more: Any) -> str:
    """The list, narrowed; or where a call goes that leads back to it."""
    narrowed: dict[str, Any] = {PARAMETERS[facet]: value for facet, value in chosen.items() if value}
    found: str = url_for(f".{page}", **narrowed, **more)
    return found


def door(call: Call, text: str) -> str:
    """What a tap on the number does: it calls, or lays the text ready."""
    return f"sms:{call.number}?&body={quote(text)}" if call.channel == "text" else f"tel:{call.number}"


def choices(list: CallList, chosen: Mapping[str, str], now: datetime) -> list[Choice]:
    """Everybody; then days, ways and meetings, of each those of which there are two or more. A second press undoes."""
    found = [Choice(_("Alles"), list.waiting, address({}), not any(chosen.values()))]
    for facet in (DAY, WAY, SERIES):
        names = sorted(list.counts[facet], key=lambda value: (value == NO_DAY, value))
        if len(names) < 2 and not chosen[facet]:
            continue
        for value in names:
            current = chosen[facet] == value
            url = address({**chosen, facet: "" if current else value})
            found.append(Choice(_named(facet, value, list, now), list.counts[facet][value], url, current))
    return found


def _named(facet: str, value: str, list: CallList, now: datetime) -> str:
    if facet == SERIES:
        return list.titles[value]
    if facet == WAY:
        return str(WAYS[value]).capitalize()
    return _soon(value, now) or (short_day(_at(value)) if value != NO_DAY else _("Geen datum"))


def heading(value: str, now: datetime) -> str:
    """Morgen, di 1 december; woensdag 2 december."""
    if value == NO_DAY:
        return _("Zonder datum die nog komt")
    soon = _soon(value, now)
    return f"{soon}, {short_day(_at(value))}" if soon else day(_at(value)).capitalize()


def soon(list: CallList, now: datetime) -> str:
    """How many are about today or tomorrow, in a sentence; empty if nobody is."""
    days = [(local(now) + timedelta(days=days)).date().isoformat() for days in (0, 1)]
    today, later = (list.counts[DAY][one] for one in days)
    said = ngettext("%(num)d gaat over vandaag.", "%(num)d gaan over vandaag.", today) if today else ""
    then = ngettext("%(num)d gaat over morgen.", "%(num)d gaan over morgen.", later) if later else ""
    return f"{said} {then}".strip()


def about(call: Call) -> str:
    """Which meeting and when, and what there is to tell: Buurttafel, 19.00 · uitnodiging."""
    newest, starts = call.messages[0].letter, call.line.starts
    if starts is None:
        when = ""
    elif local(starts).date().isoformat() == call.line.facets[DAY]:
        when = clock(starts)
    else:
        when = moment(starts)
    told = kind(newest)
    told = f"{told[:1].lower()}{told[1:]}"
    if newest.offer is not None:
        told = _("%(news)s, tot %(until)s", news=told, until=moment(newest.offer.until))
    return " · ".join([", ".join(filter(None, (call.series.title, when))), told])


def _soon(value: str, now: datetime) -> str:
    if value == NO_DAY:
        return ""
    days = (date.fromisoformat(value) - local(now).date()).days
    return {0: _("Vandaag"), 1: _("Morgen")}.get(days, "")


def _at(value: str) -> datetime:
    return datetime.combine(date.fromisoformat(value), time(12), ZONE)
