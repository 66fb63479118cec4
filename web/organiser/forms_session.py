"""The form of a session: a place at a time, or several dates of one and the same group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, Field, SelectField
from wtforms.validators import InputRequired, Optional

from config import Settings
from web.errors import Mishap
from web.form_checks import number_field, several
from web.organiser.fields import KEEP, clock_field, clock_message, day_field, end_field, groups_field, way_fields
from web.rows import Facilitator, Series, TimeSlot, Venue
from web.services.schedule.sessions import Times
from web.services.text.local_time import Overlong, span_of
from web.world import ZONE

DATES = 6
"""How many dates the same group can have."""


class SessionForm(FlaskForm):
    """A place at a time; `session_form` makes the class."""

    now: datetime
    known: frozenset[datetime] = frozenset()
    able: Sequence[Facilitator] = ()
    settled: TimeSlot | None = None

    @property
    def day_fields(self) -> list[Field]:
        """One field per date."""
        return [field for field in self if field.name.startswith("day_")]

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by itself, and then the times together."""
        return super().validate(extra_validators) and (self.settled is not None or self._in_order())

    def _in_order(self) -> bool:
        seen: set[date] = set()
        for field in self.day_fields:
            if field.data in seen:
                field.errors.append(_("Deze datum staat er twee keer. Kies een andere datum."))
            elif field.data:
                self._check_day(field)
            seen |= {field.data} if field.data else set()
        return not self.errors

    def _check_day(self, field: Field) -> None:
        try:
            starts, _ends = self._gathering(field.data)
        except Overlong as wrong:
            self["end"].errors = [_(wrong.sentence)]
            return
        except Mishap as wrong:
            field.errors.append(_(wrong.sentence) % wrong.values)
            return
        if starts <= self.now and starts not in self.known:
            field.errors.append(_("Deze dag is voorbij. Kies een dag in de toekomst."))

    def _gathering(self, day: date) -> tuple[datetime, datetime]:
        return span_of(day, self["start"].data, self["end"].data, ZONE)

    def times(self) -> Times:
        """What a valid form says."""
        said = self.data
        return Times(
            **self._when_and_where(),
            groups=said["groups"],
            seats=said["seats"],
            round=int(said.get("round") or 1),
            facilitators=tuple(one for one in self.able if str(one.id) in (said.get("facilitators") or ())),
        )

    def _when_and_where(self) -> dict[str, Any]:
        row, said = self.settled, self.data
        if row is not None:
            dates = tuple((g.starts, g.ends) for g in row.dates)
            return {"gatherings": dates, "venue_id": row.venue_id, "mode": row.mode, "link": row.link or ""}
        dates = tuple(sorted(self._gathering(field.data) for field in self.day_fields if field.data))
        return {"gatherings": dates, "venue_id": said["venue"] or None, "mode": said["mode"], "link": said["link"]}


def session_form(
    settings: Settings,
    now: datetime,
    series: Series,
    venues: Sequence[Venue],
    able: Sequence[Facilitator],
    row: TimeSlot | None = None,
    settled: bool = False,
) -> type[SessionForm]:
    """The form for a session of a series; `able` are the facilitators to choose from.

    When and where is not asked of one that is `settled`: people know of it, so it is moved or called off instead.
    """
    kind = settings.formats[series.format].format.series
    fields: dict[str, Any] = {
        "now": now,
        "able": able,
        "known": frozenset(g.starts for g in row.dates) if row is not None else frozenset(),
        **({"settled": row} if settled else _when_fields(kind == "same", venues)),
        "groups": groups_field(settings, series.project),
        "seats": number_field(_("Stoelen in de ruimte"), 1, 1000, [Optional()]),
    }
    if kind == "rounds":
        fields["round"] = _round_field(series, row)
    if able:
        fields["facilitators"] = several(
            _("Welke gespreksleiders kunnen dan?"), {str(one.id): one.name for one in able}
        )
    return type("SessionFields", (SessionForm,), fields)


def _day_fields(same: bool) -> dict[str, DateField]:
    needed = InputRequired(_("Vul een datum in. Bijvoorbeeld: 12-01-2027"))
    if not same:
        return {"day_1": day_field(_("Datum"), [needed])}
    return {
        f"day_{k}": day_field(_("Datum %(number)d", number=k), [needed if k == 1 else Optional()])
        for k in range(1, DATES + 1)
    }


def _when_fields(same: bool, venues: Sequence[Venue]) -> dict[str, Field]:
    needed = [InputRequired(clock_message())]
    clocks = {"start": clock_field(_("Begin"), needed), "end": end_field(needed)}
    return {**_day_fields(same), **clocks, **way_fields(venues)}


def _round_field(series: Series, row: TimeSlot | None) -> SelectField:
    numbers = [round_.number for round_ in series.rounds]
    choices = {number: _("Ronde %(number)d", number=number) for number in [*numbers, len(numbers) + 1]}
    gone = _("Kies een ronde.")
    return SelectField(_("Ronde"), coerce=int, choices=choices, default=1, invalid_choice_message=gone)


def session_data(row: TimeSlot) -> dict[str, Any]:
    """A session as `data` for its form."""
    walls = [(g.starts.astimezone(ZONE), g.ends.astimezone(ZONE)) for g in row.dates or row.gatherings]
    return {
        **{f"day_{k}": starts.date() for k, (starts, _end) in enumerate(walls, 1)},
        "start": walls[0][0].time(),
        "end": walls[0][1].time(),
        "venue": row.venue_id or KEEP,
        "facilitators": [str(one.id) for one in row.facilitators],
        "round": row.round.number,
        "link": row.link or "",
        **{key: getattr(row, key) for key in ("groups", "seats", "mode")},
    }


def like(row: TimeSlot | None) -> dict[str, Any]:
    """What a further session has in common with the last one: all but the day."""
    return {k: v for k, v in session_data(row).items() if not k.startswith("day_")} if row is not None else {}
