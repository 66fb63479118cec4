"""From a series to what is told of it on a wall or in a message, in the language of the moment."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from config import Settings
from web.formatting import days_of, hours_of
from web.printing import Poster, PosterTime
from web.rows import Series, TimeSlot


def address(series: Series, endpoint: str = "resident.series", **more: str) -> str:
    """Where residents sign up, or another public page of a series, with the name of this server."""
    place = {"organisation": series.project.organisation.slug, "slug": series.slug}
    found: str = url_for(endpoint, **place, **more, _external=True)
    return found


def short(url: str) -> str:
    """An address as a person types it over."""
    return url.split("://", 1)[-1].rstrip("/")


def poster_of(series: Series, settings: Settings, url: str, now: datetime) -> Poster:
    """What the poster says, and the card."""
    return Poster(
        title=series.title,
        times=tuple(_time(session, now) for session in standing(series, now)),
        url=url,
        short_url=short(url),
        intro=series.intro,
        contact=series.project.contact_name,
        phone=series.project.contact_phone,
        languages=tuple(settings.language(code).name for code in settings.languages),
        sender=series.project.organisation.name,
    )


def message_of(series: Series, url: str, now: datetime) -> str:
    """What to say about a series where people talk with each other: what, when, where, and the address."""
    times = [_time(session, now) for session in standing(series, now)]
    when = [f"{one.days}, {one.hours}. {one.place}" if one.place else f"{one.days}, {one.hours}" for one in times]
    free = _("Meedoen is gratis. Je hebt geen account nodig.")
    lines = [_("Doe je mee? %(title)s", title=series.title), series.intro, *when, free, url]
    return "\n".join(line for line in lines if line)


def _time(session: TimeSlot, now: datetime) -> PosterTime:
    dates = session.coming(now) or session.dates
    venue = session.venue
    place = ", ".join(filter(None, (venue.name, venue.address))) if venue and session.mode != "online" else _("online")
    return PosterTime(days=days_of(dates), hours=hours_of(dates), place=place)


def standing(series: Series, now: datetime) -> list[TimeSlot]:
    """What somebody can still choose; of what is over, what there was."""
    return series.ahead(now) or [session for session in series.sessions if not session.called_off]
