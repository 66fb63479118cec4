"""Routes of who was there: the sheet of a date that is over, filled in from paper or memory and saved in one go."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from web import access, world
from web.errors import Missing
from web.form_checks import one_line, row_number
from web.organiser.routes import blueprint, series_for_me
from web.rows import Gathering, Series, db
from web.rows.attendance import Presence
from web.services import audit
from web.services.attendance import ending, marking, sheet
from web.services.attendance.marking import Mark
from web.services.attendance.sheet import Sheet
from web.services.text.called import called
from web.services.text.tokens import new_token
from web.transaction import transaction

PAGE = "/<int:series_id>/wie-was-er"
BEGIN = {"er": Presence.PRESENT, "niet": Presence.ABSENT}
"""What a sheet may begin with for everybody who was expected; nothing of it is kept before it is saved."""
BETWEEN = re.compile(r"[,;\n]")


@blueprint.get(PAGE)
def attendance(series_id: int) -> str:
    """Who was at one date; which date goes by `keer`."""
    series = series_for_me(series_id)
    date = _date(series, request.args.get("keer", ""))
    found = sheet.of(db.session, date) if date else None
    if date:
        audit.note(db.session, series, "read attendance", by=access.me(), now=world.now(), about=date)
    return render_template(
        "organiser/attendance.html",
        series=series,
        dates=sheet.over(series, world.now()),
        found=found,
        ends=ending.of(db.session, date) if date else {},
        names=called(person.signup for person in found.people) if found else {},
        begun=_begun(found, BEGIN.get(request.args.get("begin", ""))) if found else {},
    )


def _date(series: Series, asked: str) -> Gathering | None:
    """The date that was asked for; else one that asks for a call or of which something is not known; else the last.

    Raises Missing for what is no date of this series that began.
    """
    dates = sheet.over(series, world.now())
    if asked:
        found = next((date for date in dates if str(date.id) == asked), None)
        if found is None:
            raise Missing
        return found
    calls = (end.gathering for end in ending.to_call(db.session, series))
    return next(iter([*calls, *sheet.to_write(db.session, series, world.now()), *dates]), None)


def _begun(found: Sheet, all_: Presence | None) -> dict[int, str]:
    """What is ticked of everybody: what is known, or for all at once what the page was asked to begin with."""
    ticked = {person.signup.id: str(person.presence) for person in found.people}
    if all_ is not None:
        ticked |= {
            person.signup.id: str(all_ if person.expected else Presence.ABSENT)
            for person in found.people
            if person.presence == Presence.OPEN
        }
    return ticked


@blueprint.post(PAGE)
def save_attendance(series_id: int) -> Response:
    """Keep the sheet of a date: only what was changed on it, as somebody else may be at it too."""
    series = series_for_me(series_id)
    date = _date(series, request.form.get("keer", "") or "-")
    if date is None:
        raise Missing
    with transaction(db.session):
        before = sheet.of(db.session, date)
        marking.write(db.session, date, list(_marks(before)), by=access.me(), now=world.now())
    flash(f"{_('Bewaard.')} {_counted(sheet.of(db.session, date))}", "success")
    return redirect(url_for(".attendance", series_id=series.id, keer=date.id))


@blueprint.post(f"{PAGE}/gebeld")
def called_leader(series_id: int) -> Response:
    """Somebody called who led a table and asked for it."""
    series, number = series_for_me(series_id), row_number(request.form.get("tafel", ""))
    with transaction(db.session):
        row = ending.called(db.session, series, number, by=access.me(), now=world.now())
    return redirect(url_for(".attendance", series_id=series.id, keer=row.gathering_id))


def _marks(before: Sheet) -> Iterator[Mark]:
    now = world.now()
    for table in before.tables:
        for person in table.people:
            said, was = (request.form.get(f"{kind}-{person.signup.id}", "") for kind in ("p", "was"))
            if said in list(Presence) and said != was:
                yield Mark(new_token(), now, table.number, Presence(said), signup_id=person.signup.id)
        for guest in table.walk_ins:
            if f"w-{guest.walk_in}" in request.form:
                yield Mark(new_token(), now, table.number, Presence.OPEN, walk_in=guest.walk_in)
        for typed in BETWEEN.split(request.form.get(f"n-{table.number}", "")):
            if name := one_line(typed):
                yield marking.new_walk_in(name, table.number, now)


def _counted(found: Sheet) -> str:
    """38 van de 45 waren er."""
    said = ngettext(
        "%(num)d van de %(all)d was er.", "%(num)d van de %(all)d waren er.", found.came, all=found.expected
    )
    if not found.walk_ins:
        return said
    more = ngettext("En %(num)d persoon die zomaar kwam.", "En %(num)d mensen die zomaar kwamen.", found.walk_ins)
    return f"{said} {more}"


blueprint.add_app_template_filter(_counted, "came_of_all")
