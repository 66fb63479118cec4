"""The letter that publishing would send, as one of those who get it would read it."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext as _

from config import Settings
from web.letters import Facts, Letter, Meeting
from web.letters.places import changed, placed
from web.rows import Series, TimeSlot, db
from web.services.groups.publishing import PublishingEffects
from web.services.outbox.dates_in_words import evening_as_meeting
from web.services.outbox.event_facts import contact_of


def preview(series: Series, found: PublishingEffects, settings: Settings, name: str) -> Letter | None:
    """To the first who gets a place, or else another table; none if nobody does. Instead of own links it says so."""
    change = next(iter((*found.new, *found.moved)), None)
    if change is None or change.after is None:
        return None
    own = _("(hier staat de eigen link)")
    facts = Facts(title=series.title, sender=settings.sender.name, contact=contact_of(series), answer=own, agenda=own)
    kind, meetings = (changed if change.before else placed), _at(*change.after)
    before = _at(*change.before) if change.before else ()
    return kind.write(name, replace(facts, meetings=meetings, before=before), "")


def _at(session: str, number: int) -> tuple[Meeting, ...]:
    evening = db.session.get_one(TimeSlot, int(session))
    return tuple(evening_as_meeting(evening, _("tafel %(number)s", number=number)))
