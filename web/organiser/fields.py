"""Fields that the forms of series, copies and sessions share; each sentence says what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, Field, IntegerField, RadioField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Optional

from config import Settings
from web.form_checks import at_most, number_field, one_line
from web.rows import Project, Venue

ORIENTATION = "orientation"
KEEP = 0
"""In place of a venue: the one it was, or none yet."""


def day_field(label: str, validators: list[Any], **more: Any) -> DateField:
    """A day, from a calendar or typed."""
    message = _("Vul een datum in. Bijvoorbeeld: 12-01-2027")
    return DateField(label, validators, format=["%Y-%m-%d", "%d-%m-%Y"], invalid_value_message=message, **more)


def clock_field(label: str, validators: list[Any], **more: Any) -> TimeField:
    """A time on the wall, as people write it."""
    return TimeField(
        label, validators, format=["%H:%M", "%H.%M", "%H:%M:%S"], invalid_value_message=clock_message(), **more
    )


def end_field(validators: list[Any], **more: Any) -> TimeField:
    """Until when it goes on: with an hour of the night it ends on the next day."""
    night = _("Gaat het door na middernacht? Vul die tijd in, bijvoorbeeld 01:00. Dan is het de volgende dag.")
    return clock_field(_("Eind"), validators, description=night, **more)


def clock_message() -> str:
    """What to type for a time."""
    return _("Vul een tijd in. Bijvoorbeeld: 19:30")


def way_fields(venues: Sequence[Venue]) -> dict[str, Field]:
    """How people meet: at a place, or online by a link."""
    return {
        "mode": RadioField(
            _("Hoe komen mensen bij elkaar?"),
            choices={"here": _("Op een plek"), "online": _("Online")},
            default="here",
            invalid_choice_message=_("Kies: op een plek, of online."),
        ),
        "venue": venue_field(venues, _("Nog niet bekend")),
        "link": StringField(_("Link voor online"), [Optional(), at_most(500)], filters=[one_line]),
    }


def venue_field(venues: Sequence[Venue], none: str) -> SelectField:
    """Where it is; `none` says what it means to choose nothing."""
    choices: Mapping[int, str] = {KEEP: none, **{venue.id: venue.name for venue in venues}}
    gone = _("Deze plek bestaat niet meer. Kies een andere plek.")
    return SelectField(_("Plek"), coerce=int, choices=dict(choices), default=KEEP, invalid_choice_message=gone)


def groups_field(settings: Settings, project: Project) -> IntegerField:
    """How many groups; a project that has just begun starts small (P10)."""
    needed = [InputRequired(_("Vul in hoeveel groepen er kunnen zijn."))]
    if project.state != ORIENTATION:
        return number_field(_("Aantal groepen per keer"), 1, 60, needed, default=2)
    small = settings.orientation
    hint = _(
        "Dit project begint klein: hooguit %(groups)d groepen en %(people)d mensen per keer.",
        groups=small.groups,
        people=small.people,
    )
    return number_field(_("Aantal groepen per keer"), 1, small.groups, needed, default=small.groups, description=hint)
