"""Routes of a series: new, copied, looked at, changed, opened and closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from sqlalchemy import or_
from werkzeug.wrappers import Response

from web import access, world
from web.errors import Mishap, Missing
from web.organiser import forms, share
from web.organiser.forms_new import new_form, sent_to
from web.organiser.routes import blueprint, may, my_projects, post, series_for_me
from web.rows import Facilitator, Series, TimeSlot, Venue, db
from web.rows.meetings import SeriesState
from web.services import waiting
from web.services.messages import course, tasks
from web.services.schedule import manage, rescheduling, sessions
from web.services.schedule.public_series import takes_signups
from web.services.statistics import figures
from web.services.text.local_time import Skipped, Twice
from web.transaction import transaction

Answer = str | tuple[str, int] | Response


def my_venues() -> Sequence[Venue]:
    """The venues of this account's organisation."""
    return db.session.scalars(access.owned(Venue, access.me()).order_by(Venue.name)).all()


def my_facilitators(row: TimeSlot | None = None) -> Sequence[Facilitator]:
    """Who can lead a group in this account's organisation, and who does so at a time."""
    wanted = access.owned(Facilitator, access.me())
    known = [one.id for one in row.facilitators] if row is not None else []
    return db.session.scalars(wanted.where(or_(Facilitator.active, Facilitator.id.in_(known)))).all()


def form_page(form: FlaskForm, title: str, submit: str, back: str, **more: object) -> Answer:
    """A page that is one form."""
    page = render_template(
        "organiser/form.html", form=form, title=title, submit=submit, back=back, **{"above": "", **more}
    )
    return (page, 422) if form.errors else page


def done(message: str, series: Series) -> Response:
    """Back to the series, with what was done."""
    flash(message, "ok")
    return redirect(url_for(".series", series_id=series.id))


@blueprint.route("/nieuw", methods=["GET", "POST"])
def new() -> Answer:
    """A series from nothing."""
    projects = my_projects()
    if not projects:
        return render_template("organiser/no_project.html")
    wanted = request.form.get("project", projects[0].id, type=int)
    project = next((one for one in projects if one.id == wanted), projects[0])
    made = new_form(world.settings(), world.now(), projects, project, my_venues(), my_facilitators())
    form = made(sent_to(made)) if request.method == "POST" else made()
    if not form.validate_on_submit():
        return render_template("organiser/new.html", form=form), 422 if form.errors else 200
    with transaction(db.session):
        series = manage.create(db.session, project, form.outline(), by=access.me(), now=world.now())
        for times in form.sessions():
            sessions.add(db.session, series, times, by=access.me(), now=world.now())
    if series.sessions:
        return done(_("Het concept staat klaar. Bekijk het, en open dan de aanmelding."), series)
    flash(_("Het concept staat klaar. Voeg nu een tijd en een plek toe."), "ok")
    return redirect(url_for(".new_session", series_id=series.id))


@blueprint.route("/<int:series_id>/kopie", methods=["GET", "POST"])
def copy(series_id: int) -> Answer:
    """The same series again, in six fields."""
    source = series_for_me(series_id)
    if not source.sessions:
        raise Missing
    first = source.sessions[0]
    data = {"title": source.title, "format": source.format, "groups": first.groups}
    form = forms.copy_form(world.settings(), world.now(), source, my_venues())(data=data)
    if form.validate_on_submit():
        try:
            with transaction(db.session):
                made = manage.copy(db.session, source, form.again(), by=access.me(), now=world.now(), zone=world.ZONE)
            return done(_("De kopie staat klaar. Bekijk alles en zeg dat het klopt."), made)
        except (Skipped, Twice) as wrong:
            form["first_day"].errors.append(_(wrong.sentence) % wrong.values)
    above = _("Dit is een kopie van '%(title)s'. Wat je hier niet ziet, blijft gelijk.", title=source.title)
    return form_page(form, _("Nieuwe ontmoeting"), _("Maak de kopie"), url_for(".home"), above=above)


@blueprint.get("/<int:series_id>")
def series(series_id: int) -> str:
    """One series: how it stands, its times, its papers."""
    found, settings, now = series_for_me(series_id), world.settings(), world.now()
    standing = tasks.standing(db.session, found, settings, now)
    mine = [task for task in post() if task.series == found]
    return render_template(
        "organiser/series.html",
        series=found,
        standing=standing,
        todo=tasks.today([standing], mine, now),
        how=course.course(db.session, found, settings, now),
        format=settings.formats[found.format],
        steps=_steps(found),
        faces=figures.faces(db.session, found) if may("figures") else None,
        told=share.told(found, now),
        changeable=found.state in (SeriesState.DRAFT, SeriesState.OPEN),
        published=rescheduling.in_plan(db.session, found),
        coming=rescheduling.coming,
        now=now,
    )


def _steps(series: Series) -> list[tuple[str, str]]:
    """To which states this series can go, and the words on the button; what closed by itself is not closed again."""
    texts: dict[tuple[str, str], Callable[[], str]] = {
        (SeriesState.DRAFT, SeriesState.OPEN): lambda: _("Open de aanmelding"),
        (SeriesState.OPEN, SeriesState.CLOSED): lambda: _("Sluit de aanmelding"),
        (SeriesState.CLOSED, SeriesState.OPEN): lambda: _("Open de aanmelding weer"),
    }
    # To finish is more than a button: routes_finishing.py.
    shut = series.state == SeriesState.OPEN and not takes_signups(series, world.now())
    gone = (SeriesState.FINISHED, SeriesState.CLOSED) if shut else (SeriesState.FINISHED,)
    return [(state, texts[series.state, state]()) for state in manage.NEXT[series.state] if state not in gone]


@blueprint.route("/<int:series_id>/wijzigen", methods=["GET", "POST"])
def edit(series_id: int) -> Answer:
    """Say something else about a series."""
    found = series_for_me(series_id)
    form = forms.series_form(world.settings(), world.now(), series=found)(data=forms.series_data(found))
    if not form.validate_on_submit():
        back = url_for(".series", series_id=found.id)
        return form_page(form, _("Wijzig %(title)s", title=found.title), _("Bewaar"), back)
    waited = waiting.how_many(db.session, found)
    try:
        with transaction(db.session):
            manage.update(db.session, found, form.outline(), by=access.me(), now=world.now())
    except manage.CapacityBelow as below:
        back = url_for(".series", series_id=found.id)
        taken = _("Er doen al %(count)s mensen mee. Kies dit getal of meer.", count=below.taking)
        form["capacity"].errors = [taken, _("Niemand verliest een plek door een kleiner getal.")]
        return form_page(form, _("Wijzig %(title)s", title=found.title), _("Bewaar"), back)
    if moved := waited - waiting.how_many(db.session, found):
        return done(
            ngettext(
                "Bewaard. %(num)d persoon van de wachtlijst doet nu mee, en hoort dat.",
                "Bewaard. %(num)d mensen van de wachtlijst doen nu mee, en horen dat.",
                moved,
            ),
            found,
        )
    return done(_("Bewaard."), found)


@blueprint.post("/<int:series_id>/nagekeken")
def review(series_id: int) -> Response:
    """The copy is right."""
    found = series_for_me(series_id)
    manage.review(db.session, found, by=access.me(), now=world.now())
    return done(_("Fijn. Nu kun je de aanmelding openen."), found)


@blueprint.post("/<int:series_id>/stand")
def state(series_id: int) -> Response:
    """Open, close or reopen; what has to be done first is said on the page of the series."""
    found = series_for_me(series_id)
    if request.form.get("state") == SeriesState.FINISHED:
        return redirect(url_for(".finish", series_id=found.id))
    try:
        with transaction(db.session):
            manage.to_state(db.session, found, request.form.get("state", ""), by=access.me(), now=world.now())
    except Mishap as wrong:
        flash(_(wrong.sentence), "error")
        return redirect(url_for(".series", series_id=found.id))
    texts: dict[str, str] = {
        SeriesState.OPEN: _("De aanmelding is open."),
        SeriesState.CLOSED: _("De aanmelding is dicht."),
    }
    return done(texts[found.state], found)
