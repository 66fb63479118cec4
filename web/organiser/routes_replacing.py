"""The route that lets another facilitator lead a table of the plan that counts."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web import access, world
from web.errors import Overtaken
from web.organiser.routes import blueprint
from web.organiser.routes_misfits import chosen_table
from web.organiser.routes_proposals import series_to_change
from web.rows import db
from web.services.groups import replacing
from web.transaction import transaction


@blueprint.post("/<int:series_id>/indeling/gespreksleider")
def replace_leader(series_id: int) -> Response:
    """Somebody else leads this table from now on."""
    series = series_to_change(series_id)
    try:
        with transaction(db.session):
            leader = replacing.replace_leader(
                db.session,
                series,
                chosen_table(),
                _number("wie"),
                was=_number("was"),
                by=access.me(),
                now=world.now(),
                settings=world.settings(),
                vault=world.vault(),
            )
    except (replacing.CannotLead, Overtaken) as refused:
        flash(_(refused.sentence), "error")
    else:
        flash(
            _(
                "%(name)s begeleidt nu deze tafel en krijgt de lijst. Wie het eerst deed, hoort dat ook. Verder krijgt "
                "niemand bericht.",
                name=leader.name,
            ),
            "ok",
        )
    return redirect(url_for(".plan", series_id=series_id))


def _number(name: str) -> int:
    typed = request.form.get(name, "")[:9]
    return int(typed) if typed.isascii() and typed.isdigit() else 0
