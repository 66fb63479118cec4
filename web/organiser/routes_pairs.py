"""Routes of what one person says about sitting with another, typed by a worker: yes, no, or rather not at all."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web import access, world
from web.organiser.routes import blueprint
from web.organiser.routes_signups import signup_for_me
from web.rows import Signup, db
from web.services.signups import apart, buddies
from web.services.signups import desk as at_desk
from web.transaction import transaction

ONE = "/<int:series_id>/aanmeldingen/<int:signup_id>"


@blueprint.post(f"{ONE}/samen")
def answer_buddy(series_id: int, signup_id: int) -> Response:
    """This person says whether they want to sit with who named them."""
    found = signup_for_me(series_id, signup_id)
    at_desk.look_at(db.session, found, "change signup", by=access.me(), now=world.now())
    yes = request.form.get("answer") == "yes"
    buddies.answer(db.session, found, request.form.get("who", ""), yes, now=world.now())
    flash(_("Bewaard. Vertel niet aan de ander wat %(name)s zei.", name=found.name), "ok")
    return _back(found)


@blueprint.post(f"{ONE}/liever-niet")
def keep_apart(series_id: int, signup_id: int) -> Response:
    """This person would rather not sit with somebody."""
    found, by = signup_for_me(series_id, signup_id), access.me()
    try:
        with transaction(db.session):
            together = apart.keep_apart(db.session, found, request.form.get("code", "")[:60], by=by, now=world.now())
    except apart.NobodyThere as nobody:
        flash(_(nobody.sentence), "error")
        return _back(found)
    flash(_("Bewaard. Ze komen in nieuwe groepen niet aan dezelfde tafel. Vertel dit aan niemand."), "ok")
    if together:
        flash(_("Ze zitten nu aan dezelfde tafel. Kijk bij ‘Dit moet nog’ wat je kunt doen."), "warning")
    return _back(found)


@blueprint.post(f"{ONE}/toch-wel")
def let_be(series_id: int, signup_id: int) -> Response:
    """This person does not mind any more."""
    found = signup_for_me(series_id, signup_id)
    apart.let_be(db.session, found, request.form.get("code", ""), by=access.me(), now=world.now())
    flash(_("Bewaard. Deze wens is weg."), "ok")
    return _back(found)


def _back(signup: Signup) -> Response:
    return redirect(url_for(".signup", series_id=signup.series_id, signup_id=signup.id))
