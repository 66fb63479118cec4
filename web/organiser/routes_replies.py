"""Routes of mails that came back and that a person has to read."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web import access, world
from web.errors import Missing, Overtaken
from web.organiser import message_words
from web.organiser.routes import blueprint
from web.rows import Reply, db
from web.rows.invitations import ANSWERS
from web.services.invitations.rsvp.answer import NoLonger, PlaceGone
from web.services.messages import reviewing
from web.transaction import transaction


@blueprint.get("/antwoorden")
def replies() -> str:
    """Which mails wait for somebody, and which came back."""
    account = access.me()
    found = access.owned(Reply, account).where(Reply.project_id.is_not(None))
    waiting, returned = reviewing.waiting(db.session, found, world.now(), by=account)
    return render_template("organiser/replies.html", waiting=waiting, returned=returned, words=message_words)


@blueprint.post("/antwoorden/<int:reply_id>")
def answer_reply(reply_id: int) -> Response:
    """What somebody made of a mail."""
    reply = access.get(db.session, Reply, reply_id, for_=access.me())
    said = request.form.get("antwoord", "")
    if said and said not in ANSWERS:
        raise Missing
    try:
        with transaction(db.session):
            told: dict[str, Any] = {"by": access.me(), "now": world.now(), "settings": world.settings()}
            reviewing.decide(db.session, reply, said, which=request.form.get("datum", ""), **told)
    except Overtaken as late:
        flash(_(late.sentence), "warning")
    except (NoLonger, PlaceGone) as late:
        flash(message_words.too_late(late), "error")
    else:
        flash(_("Klaar. Dit bericht is gewist."), "ok")
    return redirect(url_for(".replies"))


@blueprint.post("/antwoorden/<int:reply_id>/niet-aangekomen")
def not_arrived(reply_id: int) -> Response:
    """Somebody read in a mail that a letter did not arrive."""
    reply = access.get(db.session, Reply, reply_id, for_=access.me())
    try:
        with transaction(db.session):
            gone = request.form.get("adres") == "weg"
            call = reviewing.undelivered(db.session, reply, gone=gone, by=access.me(), now=world.now())
    except Overtaken as late:
        flash(_(late.sentence), "warning")
    else:
        flash(_("Klaar. Dit bericht staat op de bellijst.") if call else _("Klaar. Dit bericht hoeft niet meer."), "ok")
    return redirect(url_for(".replies"))
