"""Routes of the phone and paper desk."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from web import access, world
from web.crypto import new_secret
from web.organiser.forms_desk import CHANNELS, DeskForm, desk_form
from web.organiser.routes import blueprint, series_for_me
from web.organiser.routes_meetings import Answer
from web.rows import Series, Signup, db
from web.rows.meetings import SeriesState
from web.rows.people import SignupState
from web.services import signups, waiting
from web.services.schedule import manage, public_series
from web.services.schedule.manage import NotReady
from web.services.signups import NotOpen, buddies
from web.services.signups import desk as at_desk
from web.signup_forms import answers_from, thrown_away
from web.transaction import transaction


@blueprint.get("/<int:series_id>/balie")
def desk(series_id: int) -> Answer:
    """An empty form, ready to type in."""
    series = series_for_me(series_id)
    asked = request.args.get("channel")
    form = _form(series)
    form["once"].data = new_secret()
    if "channel" in form and asked in CHANNELS:
        form["channel"].data = asked
    return _page(series, form)


@blueprint.post("/<int:series_id>/balie")
def desk_save(series_id: int) -> Answer:
    """Sign somebody up; who may be on the list already is shown first."""
    series = series_for_me(series_id)
    form = _form(series)
    if not form.validate():
        return _page(series, form)
    answers, once = answers_from(form, form["language"].data), form["once"].data
    twins = at_desk.doubles(db.session, series, answers, once=once, vault=world.vault())
    if twins and "again" not in request.form:
        for twin in twins:
            at_desk.look_at(db.session, twin, "read signup", by=access.me(), now=world.now())
        return _page(series, form, twins)
    channel = form.came_by
    try:
        with transaction(db.session):
            signed = signups.sign_up(
                db.session,
                series,
                answers,
                channel=channel,
                now=world.now(),
                once=once,
                vault=world.vault(),
                by=access.me(),
            )
    except NotOpen:
        return _page(series_for_me(series_id), form)
    flash(_told(signed.signup), "ok")
    if said := buddies.said_at_desk(signed.signup):
        flash(said, "warning")
    for sentence in thrown_away(form, series, world.settings(), request.form):
        flash(sentence, "info")
    return redirect(url_for(".desk", series_id=series_id, channel=channel))


def _form(series: Series) -> DeskForm:
    return desk_form(series, world.settings(), access.me().name, world.now())()


def _page(series: Series, form: DeskForm, twins: Sequence[Signup] = ()) -> Answer:
    is_open = public_series.takes_signups(series, world.now())
    full = waiting.must_wait(db.session, series)
    shown = {"open": is_open, "why": "" if is_open else why_closed(series), "full": full}
    page = render_template("organiser/desk.html", series=series, form=form, twins=twins, **shown)
    return (page, 422 if form.errors else 409) if request.method == "POST" else page


def why_closed(series: Series) -> str:
    """Why nobody can be added now, for a series that closed by itself."""
    try:
        if series.state == SeriesState.OPEN:
            manage.can_open(series, world.now())
    except NotReady as closed:
        return _(closed.sentence)
    return ""


def _told(signup: Signup) -> str:
    if signup.state == SignupState.WAITING:
        return _("%(name)s staat op de wachtlijst. Code %(code)s", name=signup.name, code=signup.code)
    return _("%(name)s staat erop. Code %(code)s", name=signup.name, code=signup.code)
