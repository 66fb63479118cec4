"""One handler for everything that goes wrong: a page in the visitor's language that says what to do now."""

from __future__ import annotations

import logging
from traceback import format_tb

from flask import Flask, Response, render_template
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError, TooManyRequests

from web import stale_forms
from web.errors import Mishap, Overtaken
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


def _mishap(error: Mishap) -> tuple[str, int]:
    # Only who came second hears that somebody else was first.
    refused = error.status == Overtaken.status and not isinstance(error, Overtaken)
    return page(error.status, gettext(error.sentence) % error.values, refused)


def _forged(error: CSRFError) -> tuple[str, int] | Response:
    if not stale_forms.from_elsewhere():
        return stale_forms.came_back(stale_forms.cause(), 400)
    sentence = gettext("Deze pagina stond te lang open. Ga terug, laad de pagina opnieuw en probeer het nog een keer.")
    return page(400, sentence)


def _http(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
    code = error.code or 500
    if code == TooManyRequests.code and stale_forms.typed() and not stale_forms.from_elsewhere():
        return stale_forms.came_back(gettext("Er kwamen te veel aanvragen achter elkaar. Wacht een minuut."), code)
    return error if code < 400 else page(code)


def _unexpected(error: Exception) -> tuple[str, int]:
    if isinstance(error, SQLAlchemyError):
        db.session.rollback()
    # The kind of mistake and where it was made, without its text: that may hold what somebody typed.
    log.error("unexpected %s\n%s", type(error).__name__, "".join(format_tb(error.__traceback__)))
    return page(InternalServerError.code or 500)
