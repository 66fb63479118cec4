"""From rows to what is told of a date: the facts that are compared, and the event that a calendar shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from config import Settings
from web.calendars import Event
from web.rows import Gathering, Invitation, PlanGroup, Series, TimeSlot

TIME_AND_PLACE = ("starts", "ends", "place", "link", "mode")
"""What makes an old answer worth nothing when it changes (calendar rules 31, 41)."""

EventFacts = dict[str, Any]
"""A date as somebody is told of it: what `told` gives, and what an invitation keeps."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where letters and calendars lead. Each takes a secret; `lost` is where to ask for a new personal link.

    `page` takes the name of a page and its arguments: where staff works, without any secret.
    """

    resident: Callable[[str], str]
    facilitator: Callable[[str], str]
    invitation: Callable[[str], str]
    file: Callable[[str], str]
    files: Callable[[str], str]
    quiet: Callable[[str], str]
    offer: Callable[[str], str]
    how: Callable[[str], str]
    page: Callable[..., str]
    lost: str
    staff: str


def told(gathering: Gathering, group: PlanGroup) -> EventFacts:
    """Everything about a date at a table that somebody is told, as it is compared and kept."""
    evening = gathering.session
    return {
        "starts": gathering.starts.isoformat(),
        "ends": gathering.ends.isoformat(),
        "place": place_of(evening),
        "link": (evening.link or "") if evening.mode == "online" else "",
        "mode": evening.mode,
        "group": group.number,
        "language": group.language,
    }


def without_table(dates: Iterable[Gathering]) -> list[EventFacts]:
    """Dates as they are now, without a table: what is compared when they changed, and said to be no longer so."""
    nowhere = PlanGroup(number=0, language="")
    return [{**told(gathering, nowhere), "uid": gathering.uid} for gathering in dates]


def merged(earlier: Sequence[EventFacts], later: Sequence[EventFacts]) -> list[EventFacts]:
    """Dates that changed twice before anybody was told: as they were the first time, as that is what people know."""
    known = {one["uid"] for one in earlier}
    return [*earlier, *(one for one in later if one["uid"] not in known)]


def place_of(evening: TimeSlot) -> str:
    """Name and address on one line; empty online."""
    if evening.mode == "online" or evening.venue is None:
        return ""
    return ", ".join(part for part in (evening.venue.name, evening.venue.address) if part)


def event_of(invitation: Invitation, series: Series, settings: Settings, links: Links, language: str) -> Event:
    """What the calendar of somebody shows for an invitation, also as a file or in a feed; texts in the set language."""
    facts = invitation.told
    page = links.invitation(invitation.token)
    return Event(
        uid=invitation.uid,
        sequence=invitation.sequence,
        stamp=invitation.stamp,
        starts=datetime.fromisoformat(facts["starts"]),
        ends=datetime.fromisoformat(facts["ends"]),
        title=series.title,
        description=_description(facts, series, settings, page, invitation.state != "on"),
        place=facts["place"],
        link=facts["link"],
        url=page if page.startswith("https://") else "",
        cancelled=invitation.state != "on",
        language=language,
    )


def _description(facts: EventFacts, series: Series, settings: Settings, page: str, cancelled: bool) -> str:
    spoken = spoken_at(facts["language"], settings)
    contact = contact_of(series)
    lines = [
        _("Tafel %(number)s", number=facts["group"]) + (f", {spoken}" if spoken else ""),
        *([_("Doe mee via: %(link)s", link=facts["link"])] if facts["link"] and not cancelled else []),
        _("Je hoeft niet te komen. Kijk hier: %(link)s", link=page)
        if cancelled
        else _("Kom je, of kun je niet? Zeg het hier: %(link)s", link=page),
        *([_("Heb je een vraag? Bel %(contact)s.", contact=contact)] if contact else []),
    ]
    return "\n".join(lines)


def spoken_at(code: str, settings: Settings) -> str:
    """The language of a table in its own script; empty if none was set."""
    return {language.code: language.name for language in settings.conversation}.get(code, "")


def contact_of(series: Series) -> str:
    """Whom to call."""
    return " ".join(part for part in (series.project.contact_name, series.project.contact_phone) if part)


def answer_address(token: str, settings: Settings) -> str:
    """Where the answer to an invitation goes: From and ORGANIZER at once (calendar rule 6).

    When nobody reads answers it is the sender's own address: somebody looks there, and the link says the rest.
    """
    reads = bool(settings.inbox.host) or not settings.mail.host
    return f"rsvp-{token}@{domain_of(settings)}" if reads else settings.sender.address


def bounce_address(token: str, settings: Settings) -> str:
    """The sender on the envelope, where returned mail goes (calendar rule 45)."""
    return f"bounce-{token}@{domain_of(settings)}"


def domain_of(settings: Settings) -> str:
    """The domain of the organisation's mail."""
    return settings.sender.address.partition("@")[2]
