"""Routes that give a facilitator a new link and PIN, or take a link back."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web import access, world
from web.organiser.routes import blueprint
from web.organiser.routes_sessions import session_for_me
from web.rows import Facilitator, db
from web.services.facilitators.access import TooLate, close, renew
from web.transaction import transaction

LINK = "/<int:series_id>/indeling/link/<int:session_id>/<int:facilitator_id>"


@blueprint.post(LINK)
def new_link(series_id: int, session_id: int, facilitator_id: int) -> Response:
    """A new link and PIN; an older one stops working."""
    _series, row = session_for_me(series_id, session_id)
    try:
        with transaction(db.session):
            renew(db.session, facilitator_id, row.id, world.now(), world.settings(), world.vault(), for_=access.me())
    except TooLate as late:
        flash(_(late.sentence), "error")
    else:
        flash(_sent(db.session.get_one(Facilitator, facilitator_id)), "ok")
    return redirect(url_for(".plan", series_id=series_id))


def _sent(leader: Facilitator) -> str:
    if (leader.contact or {}).get("email"):
        return _("De nieuwe link en de pincode gaan per e-mail naar %(name)s.", name=leader.name)
    return _("De nieuwe link en de pincode van %(name)s staan op je bellijst.", name=leader.name)


@blueprint.post(f"{LINK}/intrekken")
def close_link(series_id: int, session_id: int, facilitator_id: int) -> Response:
    """The link stops working, also for who is inside."""
    _series, row = session_for_me(series_id, session_id)
    close(db.session, facilitator_id, row.id, world.now(), for_=access.me())
    flash(_("De link werkt niet meer."), "ok")
    return redirect(url_for(".plan", series_id=series_id))
