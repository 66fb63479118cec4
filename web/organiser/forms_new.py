"""The form of a new meeting: what it is, when and where in one, and the rest folded with what is mostly right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.validators import Optional

from config import Settings
from web.form_checks import number_field, several
from web.formatting import words
from web.organiser.fields import clock_field, clock_message, day_field, end_field, groups_field, way_fields
from web.organiser.forms import SeriesForm, series_fields
from web.organiser.forms_session import DATES, SessionForm
from web.rows import Facilitator, Project, Venue
from web.services.schedule.sessions import Times

START, END = time(19), time(21)
"""An evening, until somebody says otherwise."""


class NewForm(SeriesForm, SessionForm):
    """A meeting from nothing; without a date it is a draft to which one is added later."""

    kinds: dict[str, str]
    titles: dict[str, str]

    @property
    def shown(self) -> list[Field]:
        """What everybody fills in."""
        names = ("project", "title", "format", "day_1", "start", "end", "venue", "groups")
        return [self[name] for name in names if name in self]

    @property
    def days(self) -> list[Field]:
        """The further dates."""
        return [field for field in self.day_fields if field.name != "day_1"]

    @property
    def rest(self) -> list[Field]:
        """What mostly stays as it is."""
        apart = {field.name for field in (*self.shown, *self.days)}
        return [field for field in self if field.name not in apart and field.type != "CSRFTokenField"]

    @property
    def often(self) -> list[tuple[str, str]]:
        """What several dates are: for every kind of series the names of its formats, and a sentence."""
        said = {
            "same": _("Al deze datums zijn één reeks. Dezelfde mensen komen elke keer."),
            "rounds": _("Elke datum is een ronde. Mensen komen elke keer, bij nieuwe mensen."),
            "single": _("Elke datum staat apart. Mensen kiezen wanneer ze komen."),
        }
        names = {kind: [self.titles[key] for key, one in self.kinds.items() if one == kind] for kind in said}
        return [(", ".join(names[kind]), text) for kind, text in said.items() if names[kind]]

    def _needed_with_day(self, field: Field) -> None:
        if field.data is None and any(day.data for day in self.day_fields):
            field.errors = [*field.errors, clock_message()]

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by itself, then the times; dates without a clock are none."""
        if not super().validate(extra_validators):
            return False
        for field in (self["start"], self["end"]):
            self._needed_with_day(field)
        return not self.errors

    def _in_order(self) -> bool:
        if any(day.data for day in self.day_fields) and (self["start"].data is None or self["end"].data is None):
            return True
        return super()._in_order()

    def sessions(self) -> list[Times]:
        """The times that a valid form says: one with all dates where the same people meet, else one for every date."""
        times = self.times()
        if not times.gatherings:
            return []
        if self.kinds[self["format"].data] == "same":
            return [times]
        rounds = self.kinds[self["format"].data] == "rounds"
        return [
            Times(**{**_fields(times), "gatherings": (date,), "round": number if rounds else 1})
            for number, date in enumerate(times.gatherings, 1)
        ]


def sent_to(made: type[NewForm]) -> MultiDict[str, str]:
    """What was sent; what was not asked has its default."""
    sent = MultiDict(request.form)
    for field in made(None):
        if field.name in ("mode", "venue", "groups") and field.name not in sent:
            sent.add(field.name, str(field.default))
    return sent


def _fields(times: Times) -> dict[str, Any]:
    return {name: getattr(times, name) for name in times.__dataclass_fields__}


def new_form(
    settings: Settings,
    now: datetime,
    projects: Sequence[Project],
    chosen: Project,
    venues: Sequence[Venue],
    able: Sequence[Facilitator],
) -> type[NewForm]:
    """The form for a new meeting in one of `projects`, of which `chosen` says how small it begins."""
    fields: dict[str, Any] = {
        **series_fields(settings, now, projects=projects),
        "kinds": {key: one.format.series for key, one in settings.formats.items()},
        "titles": {key: words(one.title) for key, one in settings.formats.items()},
        "able": able,
        "day_1": day_field(_("Datum"), [Optional()], description=_("Nog geen datum? Laat dit dan leeg.")),
        **{f"day_{k}": day_field(_("Datum %(number)d", number=k), [Optional()]) for k in range(2, DATES + 1)},
        "start": clock_field(_("Begin"), [Optional()], default=START),
        "end": end_field([Optional()], default=END),
        **way_fields(venues),
        "groups": groups_field(settings, chosen),
        "seats": number_field(_("Stoelen in de ruimte"), 1, 1000, [Optional()]),
    }
    if able:
        choices = {str(one.id): one.name for one in able}
        fields["facilitators"] = several(_("Welke gespreksleiders kunnen dan?"), choices)
    return type("NewFields", (NewForm,), fields)
