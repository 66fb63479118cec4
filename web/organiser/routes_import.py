"""Routes of the import: choose a file, look at what it would do, and do all of it or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as Redirect

from web import access, world
from web.organiser.routes import blueprint, series_for_me
from web.organiser.routes_desk import why_closed
from web.rows import Series, db
from web.services import audit
from web.services.schedule.public_series import takes_signups
from web.services.signups import importing
from web.services.signups.importing import ImportStore, Meanwhile, Preview, Unusable
from web.services.signups.importing.columns import columns_of
from web.text_only import takes_file
from web.transaction import transaction

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
Page = tuple[str, int]


@blueprint.url_value_preprocessor
def room_for_a_file(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """More than a form may hold; it has to be said before the check of the token reads what was sent."""
    if endpoint == f"{blueprint.name}.import_preview":
        request.max_content_length = world.settings().limits.upload_bytes


def _desk(series: Series) -> ImportStore:
    return ImportStore(Path(current_app.instance_path), world.vault(), series.id, access.me().id)


@blueprint.get("/<int:series_id>/importeren")
def import_form(series_id: int) -> Page:
    """Choose a file, or take the empty one along."""
    return _form(series_for_me(series_id))


def _form(series: Series, wrong: Unusable | None = None) -> Page:
    page = render_template(
        "organiser/import.html",
        series=series,
        open=takes_signups(series, world.now()),
        why=why_closed(series),
        wrong=_(wrong.sentence) % wrong.values if wrong else "",
        columns=columns_of(world.settings(), series),
    )
    return page, wrong.status if wrong else 200


@blueprint.get("/<int:series_id>/importeren/leeg.<any(xlsx, csv):kind>")
def import_blank(series_id: int, kind: str) -> Response:
    """The empty file."""
    columns = columns_of(world.settings(), series_for_me(series_id))
    data = importing.blank_workbook(columns) if kind == "xlsx" else importing.blank_csv(columns)
    answer = Response(data, content_type=KINDS[kind])
    name = _("aanmeldingen")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.{kind}")
    return answer


@blueprint.post("/<int:series_id>/importeren")
@takes_file
def import_preview(series_id: int) -> Page:
    """What a file would do; nothing is stored but the rows, sealed, for a day."""
    series, file = series_for_me(series_id), request.files.get("file")
    try:
        sheet = importing.read(file.read() if file else b"", world.settings().limits)
        shown = importing.preview(db.session, series, sheet, world.settings(), world.vault(), world.now())
    except Unusable as wrong:
        return _form(series, wrong)
    token = importing.keep(_desk(series), sheet, shown, world.now())
    audit.note(db.session, series, "import_preview", by=access.me(), now=world.now())
    return _preview(series, shown, token)


def _preview(series: Series, shown: Preview, token: str, other: tuple[int, ...] = (), status: int = 200) -> Page:
    opened = takes_signups(series, world.now())
    shown_on = {"shown": shown, "token": token, "other": other, "open": opened, "why": why_closed(series)}
    page = render_template("organiser/import_preview.html", series=series, **shown_on)
    return page, status


@blueprint.post("/<int:series_id>/importeren/toevoegen")
def import_add(series_id: int) -> Page | Redirect:
    """Do what was shown."""
    series, now = series_for_me(series_id), world.now()
    desk = _desk(series)
    token, ticked = request.form.get("token", ""), set(request.form.getlist("add", type=int))
    try:
        with transaction(db.session):
            done = importing.add(
                db.session, series, token, ticked, desk=desk, by=access.me(), now=now, settings=world.settings()
            )
    except Meanwhile as other:
        token = importing.keep(desk, other.sheet, other.preview, now)
        return _preview(series, other.preview, token, other.rows, other.status)
    except Unusable as wrong:
        return _form(series, wrong)
    desk.forget(token)
    _tell(done)
    return redirect(url_for(".import_form", series_id=series.id))


def _tell(done: importing.Done) -> None:
    added = ngettext("%(num)d persoon is toegevoegd.", "%(num)d mensen zijn toegevoegd.", done.added)
    changed = ngettext("%(num)d aanmelding is veranderd.", "%(num)d aanmeldingen zijn veranderd.", done.changed)
    flash(" ".join([added, *([changed] if done.changed else [])]), "success")
    if done.again:
        flash(_("Dat was al gedaan. Er is niets dubbel toegevoegd."), "info")
