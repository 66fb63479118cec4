"""One handler for everything that goes wrong: a page in the visitor's language that says what to do now."""

from __future__ import annotations

import logging
from contextlib import suppress
from traceback import format_tb
from urllib.parse import quote

from flask import Flask, current_app, redirect, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, NotFound, TooManyRequests
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from web import stale_forms
from web.errors import Mishap, Missing, Overtaken
from web.identity import links
from web.rows import db

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Hang the handlers on the application."""
    app.register_error_handler(Mishap, _mishap)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, sentence: str = "", refused: bool = False) -> tuple[str, int]:
    """The error page; its own words per status stand in the template, and those for what is `refused` as things are."""
    return render_template("error.html", status=status, sentence=sentence, refused=refused), status


def _mishap(error: Mishap) -> tuple[str, int] | Response:
    if isinstance(error, Missing) and (mended := _mended()):
        return redirect(mended)
    # Only who came second hears that somebody else was first.
    refused = error.status == Overtaken.status and not isinstance(error, Overtaken)
    return page(error.status, gettext(error.sentence) % error.values, refused)


def _mended() -> str:
    """The address that somebody who typed one over meant, if there is a page that could be it."""
    if request.method != "GET" or request.endpoint == "static":
        return ""
    routes = current_app.create_url_adapter(request)
    assert routes is not None
    for path in links.meant(request.path):
        with suppress(RequestRedirect, NotFound, MethodNotAllowed):
            if routes.match(path, method="GET")[0] != "static":
                return f"{quote(path)}?{request.query_string.decode('latin-1')}".rstrip("?")
    return ""


def _forged(error: CSRFError) -> tuple[str, int] | Response:
    if not stale_forms.from_elsewhere():
        return stale_forms.came_back(stale_forms.cause(), 400)
    sentence = gettext("Deze pagina stond te lang open. Ga terug, laad de pagina opnieuw en probeer het nog een keer.")
    return page(400, sentence)


def _http(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
    code = error.code or 500
    if code == 404 and (mended := _mended()):
        return redirect(mended)
    if code == TooManyRequests.code and stale_forms.typed() and not stale_forms.from_elsewhere():
        return stale_forms.came_back(gettext("Er kwamen te veel aanvragen achter elkaar. Wacht een minuut."), code)
    return error if code < 400 else page(code)


def _unexpected(error: Exception) -> tuple[str, int]:
    if isinstance(error, SQLAlchemyError):
        db.session.rollback()
    # The kind of mistake and where it was made, without its text: that may hold what somebody typed.
    log.error("unexpected %s\n%s", type(error).__name__, "".join(format_tb(error.__traceback__)))
    return page(InternalServerError.code or 500)
