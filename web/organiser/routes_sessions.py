"""Routes of the times of a series; who is affected by a change is shown before it is made."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request, url_for
from flask_babel import gettext as _

from web import access, world
from web.errors import Missing
from web.organiser import forms_session as forms
from web.organiser.routes import blueprint, series_for_me
from web.organiser.routes_meetings import Answer, done, form_page, my_facilitators, my_venues
from web.rows import Series, TimeSlot, db
from web.services.schedule import affected, dates, sessions
from web.services.schedule.affected import Affected
from web.services.schedule.sessions import WouldAffect
from web.services.signups import desk
from web.transaction import transaction


def session_for_me(series_id: int, session_id: int) -> tuple[Series, TimeSlot]:
    """A time of a series of this account's own projects. Raises Missing."""
    series, row = series_for_me(series_id), access.get(db.session, TimeSlot, session_id, for_=access.me())
    if row.round.series_id != series.id:
        raise Missing
    return series, row


@blueprint.route("/<int:series_id>/tijd/nieuw", methods=["GET", "POST"])
def new_session(series_id: int) -> Answer:
    """A further time."""
    series = series_for_me(series_id)
    last = series.sessions[-1] if series.sessions else None
    form = forms.session_form(world.settings(), world.now(), series, my_venues(), my_facilitators())(
        data=forms.like(last)
    )
    if not form.validate_on_submit():
        return form_page(form, _("Nieuwe tijd"), _("Bewaar"), url_for(".series", series_id=series.id), series=series)
    sessions.add(db.session, series, form.times(), by=access.me(), now=world.now())
    return done(_("De tijd staat erbij."), series)


@blueprint.route("/<int:series_id>/tijd/<int:session_id>", methods=["GET", "POST"])
def session(series_id: int, session_id: int) -> Answer:
    """Change a time; if people chose it, a second time to be sure. One that people know of keeps its time here."""
    series, row = session_for_me(series_id, session_id)
    if row.called_off:
        raise Missing
    settled = dates.is_known(db.session, row)
    made = forms.session_form(world.settings(), world.now(), series, my_venues(), my_facilitators(row), row, settled)
    form = made(data=forms.session_data(row))
    more: dict[str, object] = {}
    if form.validate_on_submit():
        try:
            sure = "sure" in request.form
            with transaction(db.session):
                sessions.change(db.session, row, form.times(), by=access.me(), now=world.now(), sure=sure)
            return done(_("Bewaard."), series)
        except WouldAffect:
            more["affected"] = _affected(row)
    back = url_for(".series", series_id=series.id)
    return form_page(form, _("Wijzig deze tijd"), _("Bewaar"), back, series=series, row=row, settled=settled, **more)


@blueprint.route("/<int:series_id>/tijd/<int:session_id>/weg", methods=["GET", "POST"])
def drop_session(series_id: int, session_id: int) -> Answer:
    """Take a time away, after seeing who chose it."""
    series, row = session_for_me(series_id, session_id)
    unsure = False
    if request.method == "POST":
        try:
            with transaction(db.session):
                sessions.drop(db.session, row, by=access.me(), now=world.now(), sure="sure" in request.form)
            return done(_("De tijd is weg."), series)
        except WouldAffect:
            unsure = True
    shown = {"series": series, "row": row, "affected": _affected(row), "unsure": unsure}
    page = render_template("organiser/drop_session.html", **shown)
    return (page, WouldAffect.status) if unsure else page


def _affected(row: TimeSlot) -> Sequence[Affected]:
    found = affected.affected(db.session, row)
    desk.look_at(db.session, row, "read signups", by=access.me(), now=world.now())
    return found
