"""Routes of the post: what is configured, what does not work, trying it, and mails that are nobody's."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from config import Secrets
from web import access, channels, jobs, world
from web.admin import mail_words
from web.admin.routes import blueprint
from web.rows import DueLetter, db
from web.services.messages import mail_check, queue, receive
from web.services.outbox import outages


@blueprint.get("/post")
def mail() -> str:
    """How mail goes out and comes in, and what waits for a person."""
    me, settings = access.me(), world.settings()
    return render_template(
        "admin/mail.html",
        held=queue.held(db.session, access.owned(DueLetter, me), settings),
        strays=mail_check.strays(db.session, me, world.now()),
        read_at=outages.last_beat(db.session, receive.INBOX),
        words=mail_words,
        me=me,
    )


@blueprint.post("/post/proef")
def test_mail() -> Response:
    """A letter to whoever pressed the button."""
    me = access.me()
    secrets: Secrets = current_app.extensions[world.SECRETS]
    ways = channels.channels_of(world.settings(), secrets, jobs.folder_of(current_app))
    fault = mail_check.try_mail(db.session, ways["email"], me, world.now(), jobs.worldly(current_app))
    if fault:
        return _told(_("Het proefbericht is niet verstuurd. %(why)s", why=mail_words.not_sent(fault)), "error")
    if not world.settings().mail.host:
        return _told(_("Het proefbericht ligt in de map voor berichten. Er is nog geen mailserver ingesteld."), "ok")
    return _told(_("Het proefbericht is verstuurd naar %(address)s. Kijk of het aankomt.", address=me.email), "ok")


@blueprint.post("/post/brievenbus")
def test_inbox() -> Response:
    """Open the mailbox."""
    fault = mail_check.try_inbox(db.session, jobs.inbox_of(current_app), access.me(), world.now())
    if fault:
        return _told(_("De brievenbus gaat niet open. %(why)s", why=mail_words.not_read(fault)), "error")
    return _told(_("De brievenbus gaat open. We kunnen antwoorden lezen."), "ok")


@blueprint.post("/post/<int:reply_id>/klaar")
def put_away(reply_id: int) -> Response:
    """Somebody read a mail that is nobody's."""
    mail_check.put_away(db.session, reply_id, by=access.me(), now=world.now(), settings=world.settings())
    return _told(_("Klaar. Dit bericht is gewist."), "ok")


def _told(sentence: str, kind: str) -> Response:
    flash(sentence, kind)
    return redirect(url_for("admin.mail"))
