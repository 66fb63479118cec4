"""The form that moves dates people know of: every date by itself, with its own hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import InputRequired, Optional

from web.errors import Mishap
from web.organiser.fields import KEEP, clock_field, clock_message, day_field, end_field, way_fields
from web.rows import Gathering, TimeSlot, Venue
from web.services.schedule.dates import Span
from web.services.schedule.sessions import Times
from web.services.text.local_time import Overlong, span_of
from web.world import ZONE

Row = tuple[Field, Field, Field]
"""A date: its day, when it begins and when it ends."""


class MoveForm(FlaskForm):
    """Dates and a place; `move_form` makes the class. The rest of `settled` stays as it is."""

    now: datetime
    settled: TimeSlot

    @property
    def date_rows(self) -> list[Row]:
        """The fields of every date."""
        days = [field for field in self if field.name.startswith("day_")]
        return [(day, *(self[f"{end}_{day.name.removeprefix('day_')}"] for end in ("start", "end"))) for day in days]

    @property
    def way_fields(self) -> list[Field]:
        """How and where."""
        return [self["mode"], self["venue"], self["link"]]

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by itself, and then every date."""
        return super().validate(extra_validators) and self._in_order()

    def _in_order(self) -> bool:
        seen: set[date] = set()
        for row in self.date_rows:
            if row[0].data in seen:
                row[0].errors.append(_("Deze datum staat er twee keer. Kies een andere datum."))
            elif row[0].data:
                self._check(row)
            seen |= {row[0].data} if row[0].data else set()
        return not self.errors

    def _check(self, row: Row) -> None:
        day, start, end = row
        for clock in (start, end):
            if not clock.data:
                clock.errors.append(clock_message())
                return
        try:
            if _span(row)[0] <= self.now:
                day.errors.append(_("Deze dag is voorbij. Kies een dag in de toekomst."))
        except Overlong as wrong:
            end.errors.append(_(wrong.sentence))
        except Mishap as wrong:
            day.errors.append(_(wrong.sentence) % wrong.values)

    def times(self) -> Times:
        """What a valid form says."""
        return Times(
            gatherings=tuple(sorted(_span(row) for row in self.date_rows if row[0].data)),
            venue_id=self["venue"].data or None,
            mode=self["mode"].data,
            link=self["link"].data or "",
            groups=self.settled.groups,
            seats=self.settled.seats,
        )


def _span(row: Row) -> Span:
    day, start, end = (field.data for field in row)
    return span_of(day, start, end, ZONE)


def move_form(
    now: datetime, row: TimeSlot, coming: Sequence[Gathering], venues: Sequence[Venue], more: bool
) -> type[MoveForm]:
    """The form for the dates that are to come; with `more`, room for another one."""
    fields: dict[str, Any] = {"now": now, "settled": row}
    for number in range(1, len(coming) + 1 + more):
        fields |= _date_fields(number, number <= len(coming) or not coming, len(coming) > 1)
    return type("MoveFields", (MoveForm,), {**fields, **way_fields(venues)})


def _date_fields(number: int, needed: bool, several: bool) -> dict[str, Field]:
    checks = [InputRequired(_("Vul een datum in. Bijvoorbeeld: 12-01-2027"))] if needed else [Optional()]
    clock = [InputRequired(clock_message())] if needed else [Optional()]
    label = _("Datum %(number)d", number=number) if several else _("Datum")
    label = label if needed else _("Nog een datum erbij")
    return {
        f"day_{number}": day_field(label, checks),
        f"start_{number}": clock_field(_("Begin"), clock),
        f"end_{number}": end_field(clock),
    }


def move_data(row: TimeSlot, coming: Sequence[Gathering]) -> dict[str, Any]:
    """A session as `data` for its form. What is called off is no more than an example of the hours."""
    walls = [(g.starts.astimezone(ZONE), g.ends.astimezone(ZONE)) for g in coming]
    usual = (row.gatherings[0].starts.astimezone(ZONE), row.gatherings[0].ends.astimezone(ZONE))
    data: dict[str, Any] = {"mode": row.mode, "venue": row.venue_id or KEEP, "link": row.link or ""}
    for number, (starts, ends) in enumerate([*walls, usual], 1):
        data |= {f"start_{number}": starts.time(), f"end_{number}": ends.time()}
    return data | {f"day_{number}": starts.date() for number, (starts, _end) in enumerate(walls, 1)}
