"""Routes of venues, facilitators and key contacts."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web import access, world
from web.errors import Missing
from web.organiser import forms_directory as forms
from web.organiser.routes import blueprint, with_key_contacts
from web.organiser.routes_meetings import Answer, form_page, my_venues
from web.rows import Facilitator, KeyContact, Project, Venue, db
from web.services.organisations import directory
from web.services.statistics import figures


@blueprint.get("/locaties")
def venues() -> str:
    """Where one can meet."""
    names = {need.key: need.texts for need in world.settings().needs}
    rows = my_venues()
    mine = directory.may_change_all(db.session, rows, access.me())
    return render_template("organiser/venues.html", venues=rows, names=names, mine=mine)


@blueprint.route("/locaties/nieuw", methods=["GET", "POST"])
def new_venue() -> Answer:
    """A further venue."""
    return _venue(Venue(), _("Nieuwe locatie"))


@blueprint.route("/locaties/<int:venue_id>", methods=["GET", "POST"])
def venue(venue_id: int) -> Answer:
    """Change a venue."""
    row = access.get(db.session, Venue, venue_id, for_=access.me())
    directory.claim(db.session, row, access.me())
    return _venue(row, _("Wijzig locatie"))


def _venue(row: Venue, title: str) -> Answer:
    data = {key: getattr(row, key) for key in ("name", "address", "access", "note")} if row.id else None
    form = forms.venue_form(world.settings())(data=data)
    if not form.validate_on_submit():
        back = url_for(".venues")
        return form_page(form, title, _("Bewaar"), back, up=(_("Locaties"), back))
    directory.save(db.session, row, forms.venue_values(form), by=access.me(), now=world.now())
    return _saved(".venues")


@blueprint.get("/gespreksleiders")
def facilitators() -> str:
    """Who leads groups."""
    directory.looked(db.session, "read facilitators", by=access.me(), now=world.now())
    rows = db.session.scalars(access.owned(Facilitator, access.me())).all()
    spoken = {language.code: language.name for language in world.settings().conversation}
    return render_template(
        "organiser/facilitators.html",
        facilitators=sorted(rows, key=lambda row: (not row.active, row.name.casefold())),
        spoken=spoken,
        skill=forms.skill,
        mine=directory.may_change_all(db.session, rows, access.me()),
    )


@blueprint.route("/gespreksleiders/nieuw", methods=["GET", "POST"])
def new_facilitator() -> Answer:
    """A further facilitator."""
    return _facilitator(Facilitator(), _("Nieuwe gespreksleider"))


@blueprint.route("/gespreksleiders/<int:facilitator_id>", methods=["GET", "POST"])
def facilitator(facilitator_id: int) -> Answer:
    """Change a facilitator."""
    row = access.get(db.session, Facilitator, facilitator_id, for_=access.me())
    directory.claim(db.session, row, access.me())
    directory.looked(db.session, "read facilitator", by=access.me(), now=world.now())
    return _facilitator(row, _("Wijzig gespreksleider"))


def _facilitator(row: Facilitator, title: str) -> Answer:
    form = forms.facilitator_form(world.settings())(data=forms.facilitator_data(row) if row.id else None)
    if not form.validate_on_submit():
        back = url_for(".facilitators")
        return form_page(form, title, _("Bewaar"), back, up=(_("Gespreksleiders"), back))
    directory.save(db.session, row, forms.facilitator_values(form), by=access.me(), now=world.now())
    return _saved(".facilitators")


@blueprint.route("/sleutelfiguren", methods=["GET", "POST"])
def contacts() -> Answer:
    """Who invites people, with the code to hand out; counted in aggregate only (P9)."""
    projects = with_key_contacts()
    if not projects:
        raise Missing
    form = forms.contact_form(world.settings(), projects)()
    if form.validate_on_submit():
        project = next(one for one in projects if one.id == form["project"].data)
        row = directory.add_contact(db.session, project, form["name"].data, by=access.me(), now=world.now())
        flash(_("De code voor %(name)s is %(code)s.", name=row.name, code=row.code), "ok")
        return redirect(url_for(".contacts"))
    directory.looked(db.session, "read contacts", by=access.me(), now=world.now())
    page = render_template("organiser/contacts.html", form=form, groups=[_invited(one) for one in projects])
    return (page, 422) if form.errors else page


def _invited(project: Project) -> tuple[Project, list[tuple[str, str, str]]]:
    mine = access.owned(KeyContact, access.me()).where(KeyContact.project_id == project.id)
    rows = db.session.scalars(mine.order_by(KeyContact.id)).all()
    cells = figures.by_contact(db.session, rows, project.id)
    return project, [(row.name, row.code, cell.text) for row, cell in zip(rows, cells, strict=True)]


def _saved(page: str) -> Response:
    flash(_("Bewaard."), "ok")
    return redirect(url_for(page))
