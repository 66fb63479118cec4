"""Routes of the projects of the own organisation."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from web import access, world
from web.admin.forms_projects import BLOCK_NAMES, STATE_NAMES, NewProjectForm, project_form
from web.admin.routes import blueprint
from web.rows import Project, db
from web.services.organisations import organisations
from web.transaction import transaction


@blueprint.get("/projecten")
def projects() -> str:
    """Every project, with what is switched on."""
    mine = db.session.scalars(access.owned(Project, access.me()).order_by(Project.name, Project.id)).all()
    return render_template("admin/projects.html", projects=mine, state_names=STATE_NAMES, block_names=BLOCK_NAMES)


@blueprint.route("/projecten/nieuw", methods=["GET", "POST"])
def add_project() -> str | Response:
    """A new project, which begins small."""
    form, me = NewProjectForm(), access.me()
    if not form.validate_on_submit():
        return render_template("admin/project.html", form=form, project=None)
    made = organisations.begin(db.session, me.organisation, form.values(), by=me, now=world.now())
    flash(_("%(name)s is er. Geef nu bij Accounts je collega's dit project.", name=made.name), "success")
    return redirect(url_for("admin.projects"))


@blueprint.route("/projecten/<int:project_id>", methods=["GET", "POST"])
def project(project_id: int) -> str | Response:
    """Change a project."""
    found = access.get(db.session, Project, project_id, for_=access.me())
    form = project_form(found, world.settings())
    if not form.validate_on_submit():
        return render_template("admin/project.html", form=form, project=found)
    try:
        with transaction(db.session):
            organisations.change(db.session, found, form.values(), by=access.me(), now=world.now())
    except organisations.Unevaluated as mishap:
        form.evaluation.errors = [_(mishap.sentence)]
        return render_template("admin/project.html", form=form, project=found)
    flash(_("%(name)s is veranderd.", name=found.name), "success")
    return redirect(url_for("admin.projects"))
