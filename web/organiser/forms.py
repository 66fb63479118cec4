"""The forms of a series and of a copy; each sentence says what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from config import Settings, unwelcome
from web.form_checks import at_most, lines, number_field, one_line
from web.formatting import words
from web.organiser.fields import day_field, groups_field, venue_field
from web.rows import Project, Series, Venue
from web.services.schedule.manage import Again, Outline
from web.services.text.local_time import moment_of
from web.world import ZONE


def _title() -> StringField:
    return StringField(
        _("Naam van de ontmoeting"),
        [DataRequired(_("Vul een naam in. Bijvoorbeeld: Samen koken")), at_most(80), welcome],
        filters=[one_line],
    )


def welcome(form: FlaskForm, field: Field) -> None:
    """Residents read this."""
    if word := unwelcome(field.data or ""):
        raise ValidationError(_("Bewoners lezen dit. Schrijf een ander woord dan '%(word)s'.", word=word))


def _formats(settings: Settings, like: Series | None) -> dict[str, Markup]:
    """The formats, each with what it is; for a series with times only those that happen as often."""
    kind = settings.formats[like.format].format.series if like is not None and like.sessions else None
    often = {
        "single": _("Eén keer."),
        "same": _("Eén of meer keren, steeds met dezelfde mensen."),
        "rounds": _("Meer rondes, elke keer met nieuwe mensen."),
    }
    return {
        key: Markup("<strong>{}</strong><br>{} {}").format(words(f.title), _first(words(f.description)), often[series])
        for key, f in settings.formats.items()
        if (series := f.format.series) and kind in (None, series)
    }


def _first(text: str) -> str:
    """The first sentence of a text."""
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]


def _format_field(settings: Settings, like: Series | None) -> RadioField:
    gone = _("Kies een werkvorm.")
    return RadioField(
        _("Werkvorm"), [InputRequired(gone)], choices=_formats(settings, like), invalid_choice_message=gone
    )


def _closing(day: date | None) -> datetime | None:
    return moment_of(day, time(23, 59), ZONE) if day else None


class _Closing(FlaskForm):
    """A form with the last day to sign up."""

    now: datetime
    first: datetime | None = None

    def validate_closes(self, field: Field) -> None:
        """It lies ahead, and before the first time."""
        closes = _closing(field.data)
        if closes is not None and closes < self.now:
            raise ValidationError(_("Deze dag is voorbij. Kies een dag in de toekomst."))
        if closes is not None and self.first is not None and closes.date() > self.first.astimezone(ZONE).date():
            raise ValidationError(_("Kies een dag voor de eerste ontmoeting."))


class SeriesForm(_Closing):
    """What a series is; `series_form` makes the class."""

    def outline(self) -> Outline:
        """What a valid form says."""
        said = self.data
        return Outline(said["title"], said["intro"], said["format"], said["capacity"], _closing(said["closes"]))


def series_form(
    settings: Settings, now: datetime, *, projects: Sequence[Project] = (), series: Series | None = None
) -> type[SeriesForm]:
    """The form for a new series in one of `projects`, or for a `series` that is there."""
    return type("SeriesFields", (SeriesForm,), series_fields(settings, now, projects=projects, series=series))


def series_fields(
    settings: Settings, now: datetime, *, projects: Sequence[Project] = (), series: Series | None = None
) -> dict[str, Any]:
    """Its fields."""
    fields: dict[str, Any] = {
        "now": now,
        "first": series.sessions[0].starts if series is not None and series.sessions else None,
        "title": _title(),
        "intro": TextAreaField(
            _("Waar gaat het over?"),
            [Optional(), at_most(600), welcome],
            filters=[lines],
            description=_("Twee of drie korte zinnen. Bewoners lezen dit op de website."),
        ),
        "format": _format_field(settings, series),
        "capacity": number_field(
            _("Hoeveel mensen kunnen er meedoen?"),
            1,
            2000,
            [Optional()],
            description=_("Wie later komt, staat op de wachtlijst."),
        ),
        "closes": day_field(_("Laatste dag om je aan te melden"), [Optional()]),
    }
    if len(projects) > 1:
        choices = {project.id: project.name for project in projects}
        fields["project"] = SelectField(
            _("Project"), coerce=int, choices=choices, invalid_choice_message=_("Kies een project.")
        )
    return fields


def series_data(series: Series) -> dict[str, Any]:
    """A series as `data` for its form."""
    closes = series.closes_at.astimezone(ZONE).date() if series.closes_at else None
    return {**{key: getattr(series, key) for key in ("title", "intro", "format", "capacity")}, "closes": closes}


class CopyForm(_Closing):
    """Six fields: the rest is as it was; `copy_form` makes the class."""

    def validate_first_day(self, field: Field) -> None:
        """It lies ahead."""
        if field.data and field.data <= self.now.astimezone(ZONE).date():
            raise ValidationError(_("Deze dag is voorbij. Kies een dag in de toekomst."))

    def validate_closes(self, field: Field) -> None:
        """Before the first day of the copy."""
        super().validate_closes(field)
        if field.data and self["first_day"].data and field.data > self["first_day"].data:
            raise ValidationError(_("Kies een dag voor de eerste ontmoeting."))

    def again(self) -> Again:
        """What a valid form says."""
        said = self.data
        return Again(
            said["title"],
            said["format"],
            said["first_day"],
            said["groups"],
            said["venue"] or None,
            _closing(said["closes"]),
        )


def copy_form(settings: Settings, now: datetime, source: Series, venues: Sequence[Venue]) -> type[CopyForm]:
    """The form for a copy of a series."""
    needed = InputRequired(_("Vul een datum in. Bijvoorbeeld: 12-01-2027"))
    moved = _("Alle andere dagen schuiven even ver mee. De tijden blijven gelijk.")
    return type(
        "CopyFields",
        (CopyForm,),
        {
            "now": now,
            "title": _title(),
            "first_day": day_field(_("Eerste dag"), [needed], description=moved),
            "venue": venue_field(venues, _("Zelfde plek als de vorige keer")),
            "format": _format_field(settings, source),
            "groups": groups_field(settings, source.project),
            "closes": day_field(_("Laatste dag om je aan te melden"), [Optional()]),
        },
    )
