"""Routes of what no longer fits in the plan that counts: whose seat, which table, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matcher.words import words
from web import access, languages, world
from web.errors import Missing
from web.organiser.routes import blueprint, series_for_me
from web.organiser.routes_signups import signup_for_me
from web.organiser.seats_to_look_at import SeatToLookAt, wishes
from web.rows import Series, Signup, TimeSlot, db
from web.services.groups import releasing, reopening
from web.services.groups.editor.ruling import rule_title
from web.services.plans import fit, own_table
from web.services.plans.current import Table, plan_of
from web.services.signups import desk as at_desk
from web.transaction import transaction

PAGE = "/<int:series_id>/past-niet"
ONE = f"{PAGE}/<int:signup_id>"


@dataclass(frozen=True, slots=True)
class TableToLookAt:
    """A table that breaks firm rules, by name; all of a session where `number` is 0, the whole plan without one."""

    session: TimeSlot | None
    number: int
    rules: tuple[str, ...]


@blueprint.get(PAGE)
def misfits(series_id: int) -> str:
    """Whose seat no longer fits and which tables, who asks for another, and what can be done."""
    series = series_for_me(series_id)
    at_desk.look_at(db.session, series, "read signups", by=access.me(), now=world.now())
    found = fit.of_series(db.session, series, world.settings(), world.now())
    return render_template(
        "organiser/misfits.html",
        series=series,
        seats=list(_seats(found)),
        tables=list(_tables(found)),
        wishes=wishes(db.session, series, world.now()),
    )


def _seats(found: fit.Misfits) -> Iterator[SeatToLookAt]:
    for (who, evening, number), rules in found.seats.items():
        signup, row = db.session.get_one(Signup, who), db.session.get_one(TimeSlot, evening)
        yield SeatToLookAt(signup, row, number, tuple(reason(rule) for rule in rules))


def _tables(found: fit.Misfits) -> Iterator[TableToLookAt]:
    spoken, settings = words(languages.language()), world.settings()
    for (evening, number), rules in found.tables.items():
        row = db.session.get_one(TimeSlot, evening) if evening else None
        yield TableToLookAt(row, number, tuple(rule_title(spoken, settings, rule) for rule in rules))


def reason(rule: str) -> str:
    """Why somebody's seat no longer fits; what they need stands on their own page."""
    return {
        fit.TIME: _("Koos deze tijd niet meer."),
        "access": _("Heeft iets nodig dat er op deze plek niet is."),
        "mode": _("Wil op een andere manier meedoen: op een plek, of juist online."),
        fit.LANGUAGE: _("Spreekt de taal van deze tafel niet."),
        fit.BUDDIES: _("Wil bij een maatje zitten, en dat maatje zit hier niet."),
        "max_meetings": _("Heeft te veel plekken, of twee op hetzelfde moment."),
    }[rule]


@blueprint.post(ONE + "/vrij")
def release_seat(series_id: int, signup_id: int) -> Response:
    """Give the seat free: they wait for another one, and whoever waits is asked."""
    signup = signup_for_me(series_id, signup_id)
    try:
        with transaction(db.session):
            releasing.release(db.session, signup, chosen_table(), by=access.me(), now=world.now())
    except releasing.NoSeat as gone:
        flash(_(gone.sentence), "error")
    else:
        flash(_("De plek is vrij. %(name)s hoort dat, en staat nu op de wachtlijst.", name=signup.name), "ok")
    return redirect(url_for(".misfits", series_id=series_id))


@blueprint.post(ONE + "/andere-tafel")
def other_seat(series_id: int, signup_id: int) -> Response:
    """The plan that counts in the editor, with this person chosen."""
    signup, place = signup_for_me(series_id, signup_id), request.form.get("place", "")
    chosen = f"{signup.id}:{place}" if place else str(signup.id)
    return _editor(signup.series, kies=chosen, _anchor="gekozen")


@blueprint.post(f"{PAGE}/groepen")
def open_plan(series_id: int) -> Response:
    """The plan that counts in the editor."""
    return _editor(series_for_me(series_id))


@blueprint.post(ONE + "/blijft")
def keep_seat(series_id: int, signup_id: int) -> Response:
    """Somebody who asked for another table stays where they are."""
    signup = signup_for_me(series_id, signup_id)
    at_desk.look_at(db.session, signup, "seat stays", by=access.me(), now=world.now())
    own_table.ask_other(db.session, signup, wish=False)
    flash(_("Afgehandeld. Voor %(name)s blijft het zo.", name=signup.name), "ok")
    return redirect(url_for(".misfits", series_id=series_id))


def _editor(series: Series, **more: Any) -> Response:
    """The plan that counts in the editor; before the first, where groups are asked for."""
    if plan_of(db.session, series) is None:
        return redirect(url_for(".proposals_of_series", series_id=series.id))
    with transaction(db.session):
        proposal = reopening.reopen(
            db.session, series, by=access.me(), now=world.now(), settings=world.settings(), vault=world.vault()
        )
    return redirect(url_for(".proposal", series_id=series.id, id=proposal.id, **more))


def chosen_table() -> Table:
    """The table that a form is about. Raises Missing."""
    session, _dot, number = request.form.get("place", "").partition(".")
    if not (session.isascii() and session.isdigit() and number.isascii() and number.isdigit()) or len(session) > 9:
        raise Missing
    return int(session), int(number[:9])
