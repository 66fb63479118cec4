"""The route of the calendars that people follow, for programs that ask for them every hour (calendar rule 36)."""

from __future__ import annotations

from flask import Response, current_app, request

from web import calendars, world
from web.jobs import worldly
from web.public.routes import blueprint
from web.rows import db
from web.services.invitations.feeds import agendas, feeding


@blueprint.get("/agenda/<secret>.ics")
def feed(secret: str) -> Response:
    """The dates of one person; who has them already hears that nothing changed."""
    found = feeding.by_secret(db.session, secret)
    content = agendas.content(db.session, found, world.now(), worldly(current_app))
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.set_etag(calendars.etag(content))
    answer.make_conditional(request)
    return answer
