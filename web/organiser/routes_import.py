"""Routes of the import: choose a file, look at what it would do, and do all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as Redirect

from web import access, jobs, world
from web.crypto import new_secret
from web.errors import Overtaken
from web.organiser.importing_apart import begun
from web.organiser.importing_columns import board_of, said_in
from web.organiser.routes import blueprint, series_for_me
from web.organiser.routes_desk import why_closed
from web.rows import Series, Staff, db
from web.services import audit
from web.services.schedule.public_series import takes_signups
from web.services.signups import importing
from web.services.signups.importing import ImportStore, Meanwhile, Preview, Unusable
from web.services.signups.importing.columns import columns_of
from web.services.signups.importing.faults import Gone
from web.services.signups.importing.lines import ImportSheet
from web.text_only import takes_file
from web.transaction import transaction
from web.uploads import read_apart

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
Page = tuple[str, int]
Tell = Callable[[int, int], None]


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


def _form(series: Series, wrong: str = "", status: int = 200) -> Page:
    page = render_template(
        "organiser/import.html",
        series=series,
        open=takes_signups(series, world.now()),
        why=why_closed(series),
        wrong=wrong,
        columns=columns_of(world.settings(), series),
        receipts=_desk(series).receipts(world.now()),
    )
    return page, status


def _refused(series: Series, wrong: Unusable) -> Page:
    return _form(series, _(wrong.sentence) % wrong.values, wrong.status)


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
def import_preview(series_id: int) -> Page | Redirect:
    """What a file would do; nothing is stored but the rows, sealed, for a day."""
    series, file = series_for_me(series_id), request.files.get("file")
    data, desk, token = file.read() if file else b"", _desk(series), new_secret()
    audit.note(db.session, series, "import_preview", by=access.me(), now=world.now())
    # Who reads it needs the database too, and nobody waits for us meanwhile.
    db.session.commit()

    def read(_tell: Tell) -> Preview:
        sheet = importing.read(data, world.settings().limits, partial(read_apart, folder=desk.folder))
        shown = _shown(db.session.get_one(Series, series_id), sheet)
        importing.keep(desk, shown, world.now(), token)
        return shown

    try:
        outcome = begun(desk, token, importing.READING, read, lambda shown: {})
        if outcome is None:
            return _to_progress(series, token)
        return _preview(series, outcome.result(), token)
    except Unusable as wrong:
        return _refused(series, wrong)


def _shown(series: Series, sheet: ImportSheet) -> Preview:
    return importing.preview(db.session, series, sheet, world.settings(), world.vault(), world.now())


def _to_progress(series: Series, token: str) -> Redirect:
    return redirect(url_for(".import_progress", series_id=series.id, token=token), 303)


def _preview(series: Series, shown: Preview, token: str, other: tuple[int, ...] = (), status: int = 200) -> Page:
    opened = takes_signups(series, world.now())
    shown_on = {"shown": shown, "token": token, "other": other, "open": opened, "why": why_closed(series)}
    page = render_template("organiser/import_preview.html", series=series, board=board_of(shown), **shown_on)
    return page, status


@blueprint.post("/<int:series_id>/importeren/verbeteren")
def import_mend(series_id: int) -> Page | Redirect:
    """Read the file again with what was filled in about its columns and cells; nothing is added."""
    series = series_for_me(series_id)
    desk, token, said = _desk(series), request.form.get("token", ""), said_in(request.form)
    kept = desk.open(token, world.now())
    if kept is None:
        return _refused(series, Gone())
    shown, organisation = _shown(series, kept.sheet), series.project.organisation
    again = importing.unkept(shown, said.columns)
    importing.remember(organisation, shown, said.columns)
    db.session.commit()
    if again:
        flash(_("We onthouden wat deze kolommen zijn. Kies het bestand nog een keer."), "info")
        return redirect(url_for(".import_form", series_id=series.id))

    def read(_tell: Tell) -> Preview:
        mine = db.session.get_one(Series, series_id)
        shown = _shown(mine, importing.mended(_shown(mine, kept.sheet), said))
        importing.keep(desk, shown, world.now(), token)
        return shown

    try:
        outcome = begun(desk, token, importing.READING, read, lambda shown: {})
        return _to_progress(series, token) if outcome is None else _preview(series, outcome.result(), token)
    except Unusable as wrong:
        return _refused(series, wrong)


@blueprint.post("/<int:series_id>/importeren/ongedaan")
def import_undo(series_id: int) -> Redirect:
    """Take back a whole import, within the hour."""
    series, token = series_for_me(series_id), request.form.get("token", "")
    desk = _desk(series)
    with transaction(db.session):
        undone = importing.undo(db.session, series, token, desk=desk, by=access.me(), now=world.now())
    if undone is None:
        flash(_("Dit kan niet meer ongedaan: het is langer dan een uur geleden."), "warning")
    else:
        desk.forget_receipt(token)
        for id in undone.ids:
            jobs.wipe(current_app, id)
        _tell_undone(undone)
    return redirect(url_for(".import_form", series_id=series.id))


@blueprint.post("/<int:series_id>/importeren/toevoegen")
def import_add(series_id: int) -> Page | Redirect:
    """Do what was shown."""
    series, me = series_for_me(series_id), access.me().id
    desk = _desk(series)
    token, ticked = request.form.get("token", ""), set(request.form.getlist("add", type=int))
    now = desk.noted(token, world.now())
    if now is not None and now.what == importing.ADDING and now.end is None and not now.silent:
        return _to_progress(series, token)

    def add(tell: Tell) -> importing.Done:
        mine, by = db.session.get_one(Series, series_id), db.session.get_one(Staff, me)
        with transaction(db.session):
            return importing.add(
                db.session,
                mine,
                token,
                ticked,
                desk=desk,
                by=by,
                now=world.now(),
                settings=world.settings(),
                tell=tell,
            )

    try:
        outcome = begun(desk, token, importing.ADDING, add, asdict) if desk.valid(token) else None
        if outcome is None:
            return _to_progress(series, token)
        return _added(series, desk, token, outcome.result())
    except Meanwhile as other:
        return _again(series, desk, token, other.rows)
    except Unusable as wrong:
        return _refused(series, wrong)


def _added(series: Series, desk: ImportStore, token: str, done: importing.Done) -> Redirect:
    desk.forget(token)
    _tell(done)
    return redirect(url_for(".import_form", series_id=series.id))


def _again(series: Series, desk: ImportStore, token: str, rows: tuple[int, ...] = ()) -> Page:
    """What a file that is kept would do now; `rows` do something else than was shown."""
    kept = desk.open(token, world.now())
    if kept is None:
        return _refused(series, Gone())
    shown = _shown(series, kept.sheet)
    importing.keep(desk, shown, world.now(), token)
    return _preview(series, shown, token, rows, Overtaken.status if rows else 200)


@blueprint.get("/<int:series_id>/importeren/bezig/<token>")
def import_progress(series_id: int, token: str) -> Page | Redirect:
    """How far the work on a file is, and then what came of it."""
    series = series_for_me(series_id)
    desk = _desk(series)
    work, done = desk.noted(token, world.now()), importing.done_before(db.session, series, token)
    if work is not None and work.end is None and not work.silent:
        return render_template("organiser/import_progress.html", series=series, work=work), 200
    if done is not None:
        again = bool(work is not None and work.end and work.end.get("again"))
        return _added(series, desk, token, replace(done, again=again))
    if work is None:
        return _refused(series, Gone())
    if work.end is None:
        return _form(
            series,
            _(
                "Het werk aan dit bestand is onderbroken. Er is niemand toegevoegd. Kies het bestand opnieuw: wie er "
                "al in staat, komt er niet dubbel in."
            ),
            503,
        )
    if "sentence" in work.end:
        return _form(series, work.end["sentence"], work.end["status"])
    return _again(series, desk, token, tuple(work.end.get("rows", ())))


def _tell(done: importing.Done) -> None:
    added = ngettext("%(num)d persoon is toegevoegd.", "%(num)d mensen zijn toegevoegd.", done.added)
    changed = ngettext("%(num)d aanmelding is veranderd.", "%(num)d aanmeldingen zijn veranderd.", done.changed)
    flash(" ".join([added, *([changed] if done.changed else [])]), "success")
    if done.again:
        flash(_("Dat was al gedaan. Er is niets dubbel toegevoegd."), "info")


def _tell_undone(undone: importing.Undone) -> None:
    gone = ngettext("%(num)d persoon is er weer uit.", "%(num)d mensen zijn er weer uit.", undone.removed)
    back = ngettext(
        "%(num)d aanmelding is weer zoals eerst.", "%(num)d aanmeldingen zijn weer zoals eerst.", undone.restored
    )
    flash(" ".join([gone, *([back] if undone.restored else [])]), "success")
    if undone.kept:
        flash(
            ngettext(
                "%(num)d aanmelding is daarna nog veranderd. Die blijft zoals die is.",
                "%(num)d aanmeldingen zijn daarna nog veranderd. Die blijven zoals ze zijn.",
                undone.kept,
            ),
            "warning",
        )
    if undone.told:
        flash(
            ngettext(
                "%(num)d persoon kreeg al een bevestiging. Vertel zelf dat die niet geldt.",
                "%(num)d mensen kregen al een bevestiging. Vertel hun zelf dat die niet geldt.",
                undone.told,
            ),
            "warning",
        )
