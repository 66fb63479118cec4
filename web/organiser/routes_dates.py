"""Routes that move or call off dates people know of: first who hears of it, then the button."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from web import access, languages, world
from web.errors import Mishap, Missing, Overtaken
from web.formatting import once
from web.organiser.board_words import REACH
from web.organiser.forms_move import MoveForm, move_data, move_form
from web.organiser.routes import blueprint
from web.organiser.routes_meetings import Answer, done, my_venues
from web.organiser.routes_sessions import session_for_me
from web.rows import Gathering, Series, TimeSlot, db
from web.services.messages import by_hand
from web.services.schedule import dates, rescheduling
from web.services.schedule.rescheduling import Concerned
from web.services.schedule.sessions import Times
from web.services.signups import desk
from web.services.text.called import called
from web.transaction import transaction

TIME = "/<int:series_id>/tijd/<int:session_id>"


@blueprint.route(f"{TIME}/verplaats", methods=["GET", "POST"])
def move_session(series_id: int, session_id: int) -> Answer:
    """Other dates, hours or place: the form, then who hears of it, then the button."""
    series, row = session_for_me(series_id, session_id)
    if not dates.is_known(db.session, row):
        return redirect(url_for(".session", series_id=series.id, session_id=row.id))
    coming = rescheduling.coming(row, world.now())
    same = world.settings().formats[series.format].format.series == "same"
    form = move_form(world.now(), row, coming, my_venues(), same or not coming)(data=move_data(row, coming))
    if not form.validate_on_submit():
        return _form(series, row, form)
    try:
        return _move(series, row, form.times()) if "sure" in request.form else _who_hears(series, row, form.times())
    except Overtaken as late:
        return _who_hears(series, row, form.times(), late)
    except Mishap as wrong:
        form.form_errors.append(_(wrong.sentence))
        return _form(series, row, form)


def _form(series: Series, row: TimeSlot, form: MoveForm) -> Answer:
    page = render_template("organiser/move.html", series=series, row=row, form=form)
    return (page, 422) if form.errors else page


def _move(series: Series, row: TimeSlot, times: Times) -> Response:
    with transaction(db.session):
        rescheduling.move(
            db.session,
            row,
            times,
            by=access.me(),
            now=world.now(),
            version=_version(),
            settings=world.settings(),
            sure=True,
        )
    return done(_("Verplaatst. Iedereen die hier een plek heeft, krijgt bericht."), series)


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _who_hears(series: Series, row: TimeSlot, times: Times, late: Overtaken | None = None) -> Answer:
    concerned = rescheduling.preview_move(
        db.session, row, times, now=world.now(), settings=world.settings(), vault=world.vault()
    )
    text = languages.words_in(languages.language())
    sent = [(name, value) for name, value in request.form.items() if name not in ("csrf_token", "version", "sure")]
    page = render_template(
        "organiser/move_sure.html",
        **_looked_at(series, row, concerned, late),
        sent=sent,
        changes=_changes(row, times),
        place=_place(times),
        broken=[text.get(f"rule.{name.partition(':')[0]}", name) for name in concerned.broken],
    )
    return (page, late.status) if late else page


def _changes(row: TimeSlot, times: Times) -> list[tuple[str, str]]:
    """Every date as it was and as it will be; a new one was not there."""
    pairs = dates.paired(rescheduling.coming(row, world.now()), times.gatherings)
    found = [
        ("" if old is None else once(old), once(Gathering(starts=new[0], ends=new[1]))) for old, new in pairs if new
    ]
    return [(old, new) for old, new in found if old != new]


def _place(times: Times) -> str:
    if times.mode == "online":
        return _("Online")
    return next((venue.name for venue in my_venues() if venue.id == times.venue_id), _("Plek nog niet bekend"))


def _looked_at(series: Series, row: TimeSlot, concerned: Concerned, late: Overtaken | None) -> dict[str, object]:
    """What both pages show of whom it concerns; that names were read is in the log."""
    desk.look_at(db.session, row, "read signups", by=access.me(), now=world.now())
    letters, names = concerned.letters, called(concerned.people)
    return {
        "series": series,
        "row": row,
        "concerned": concerned,
        "people": [f"{names[one.id]} ({REACH[one.reached_by]})" for one in concerned.people],
        "letters": [
            (REACH[key], ngettext("%(num)d persoon", "%(num)d mensen", many)) for key, many in sorted(letters.items())
        ],
        "called": sum(letters.get(key, 0) for key in by_hand.spoken(world.settings())),
        "on_paper": letters.get(by_hand.LETTER, 0),
        "version": rescheduling.version_of(row),
        "wrong": _(late.sentence) if late else "",
    }


@blueprint.route(f"{TIME}/gaat-niet-door", methods=["GET", "POST"])
def call_off(series_id: int, session_id: int) -> Answer:
    """A date, or all of them, does not take place: who hears of it, then the button."""
    series, row = session_for_me(series_id, session_id)
    only = _only(row)
    try:
        if request.method == "POST":
            _call_off(row, only)
            return done(_("Afgelast. Iedereen die hier een plek had, krijgt bericht."), series)
        late = None
    except Overtaken as refusal:
        late = refusal
    if not _still(row, only):
        return redirect(url_for(".series", series_id=series.id))
    concerned = rescheduling.preview_call_off(db.session, row, now=world.now(), settings=world.settings(), only=only)
    gone = _still(row, only)
    page = render_template(
        "organiser/call_off.html", **_looked_at(series, row, concerned, late), only=only, gone=list(map(once, gone))
    )
    return (page, late.status) if late else page


def _only(row: TimeSlot) -> Gathering | None:
    """The one date that is meant; all of them if none is named. Raises Missing for what is no date of this session."""
    said = request.values.get("datum", "")
    if not said:
        return None
    found = next((gathering for gathering in row.gatherings if str(gathering.id) == said), None)
    if found is None:
        raise Missing
    return found


def _still(row: TimeSlot, only: Gathering | None) -> Sequence[Gathering]:
    return [one for one in rescheduling.coming(row, world.now()) if only is None or one is only]


def _call_off(row: TimeSlot, only: Gathering | None) -> None:
    with transaction(db.session):
        rescheduling.call_off(
            db.session,
            row,
            by=access.me(),
            now=world.now(),
            version=_version(),
            settings=world.settings(),
            only=only,
        )
