"""The route that brings everybody who signed up as a spreadsheet."""

from __future__ import annotations

from flask import Response

from web import access, world
from web.organiser.routes import blueprint, series_for_me
from web.organiser.signup_sheet import signup_sheet
from web.printing import plain_csv, plain_xlsx
from web.rows import db
from web.services import audit
from web.transaction import transaction

FILES = {
    "xlsx": (plain_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (plain_csv, "text/csv; charset=utf-8"),
}


@blueprint.get("/<int:series_id>/aanmeldingen.<any(xlsx, csv):kind>")
def signup_file(series_id: int, kind: str) -> Response:
    """Everybody who signed up, with what they told and answered."""
    series = series_for_me(series_id)
    with transaction(db.session):
        audit.note(db.session, series, "export_signups", by=access.me(), now=world.now())
    make, mime = FILES[kind]
    sheet = signup_sheet(db.session, series, world.settings(), world.now())
    headers = {"Content-Disposition": f'attachment; filename="{series.slug}-aanmeldingen.{kind}"'}
    return Response(make(sheet), content_type=mime, headers=headers)
