"""The list of a facilitator as printing wants it: plain strings in the language of the page."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from web import rows
from web.formatting import moment, when
from web.printing import GroupList, ListedGroup, ListedPerson
from web.services.plans.table_list import ListedTable, Listing, SeatedPerson


def paper(listing: Listing, now: datetime) -> GroupList:
    """A list to print or to open in a spreadsheet."""
    groups = tuple(_group(group, listing) for group in listing.groups)
    return GroupList(title=listing.title, made=moment(now), groups=groups)


def place(session: rows.TimeSlot) -> str:
    """Where to be."""
    if session.mode == "online" or session.venue is None:
        return _("Online")
    return ", ".join(filter(None, (session.venue.name, session.venue.address)))


def _group(group: ListedTable, listing: Listing) -> ListedGroup:
    return ListedGroup(
        table=str(group.number),
        place=place(listing.session),
        time=when(listing.session),
        people=tuple(map(_person, group.people)),
        language=group.language,
        facilitator=listing.facilitator,
    )


def _person(person: SeatedPerson) -> ListedPerson:
    allergic = [_("Allergie: %(what)s", what=person.allergies)] if person.allergies else []
    needs = [*person.needs, *allergic, *([f"“{person.note}”"] if person.note else [])]
    return ListedPerson(
        name=person.name,
        languages=", ".join(person.languages),
        needs=" · ".join(needs),
        buddy=", ".join(person.buddies),
    )
