"""Routes of the audit log of the own organisation."""

from __future__ import annotations

from flask import Response, render_template, request

from web import access, world
from web.admin import log_file
from web.admin.forms import LogForm
from web.admin.routes import blueprint
from web.rows import Project, Staff, db
from web.services import audit
from web.services.audit import search


@blueprint.get("/logboek")
def log() -> str:
    """Who did what, when and where."""
    form = _form()
    mine = access.me().organisation_id
    page = search.page(db.session, mine, form.search(), request.args.get("pagina", 1, type=int))
    kept = {key: value for key, value in request.args.items() if key != "pagina"}
    return render_template("admin/log.html", form=form, page=page, kept=kept, names=form.names())


@blueprint.get("/logboek.csv")
def log_csv() -> Response:
    """The lines that were found, as a file; which is itself a line."""
    form, me = _form(), access.me()
    audit.note(db.session, me, "log_exported", by=me, now=world.now(), about="")
    lines = search.everything(db.session, me.organisation_id, form.search())
    disposition = {"Content-Disposition": f'attachment; filename="logboek-{world.local(world.now()):%Y-%m-%d}.csv"'}
    return Response(log_file.written(lines, form.names()), mimetype="text/csv", headers=disposition)


def _form() -> LogForm:
    me = access.me()
    form = LogForm(request.args)
    projects = db.session.scalars(access.owned(Project, me).order_by(Project.name)).all()
    people = db.session.scalars(access.owned(Staff, me).order_by(Staff.name)).all()
    form.offer(projects, people, search.kinds(db.session, me.organisation_id))
    form.validate()
    return form
