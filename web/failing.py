"""One handler for everything that goes wrong: a page in the visitor's language that says what to do now."""

from __future__ import annotations

import logging
from contextlib import suppress
from traceback import format_tb
from urllib.parse import quote

from flask import Flask, current_app, make_response, redirect, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    ServiceUnavailable,
    TooManyRequests,
)
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from web import stale_forms
from web.errors import Mishap, Missing, Overtaken
from web.identity import links
from web.rows import db

log = logging.getLogger(__name__)

AGAIN = 5
"""Seconds after which somebody may try again when the database was busy."""
_BUSY_SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED")
_BUSY_POSTGRES = frozenset({"55P03", "40001", "40P01", "53300", "57014"})
"""lock_not_available, serialization_failure, deadlock_detected, too_many_connections, query_canceled (by a timeout)."""


def install(app: Flask) -> None:
    """Hang the handlers on the application."""
    app.register_error_handler(Mishap, _mishap)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, sentence: str = "", refused: bool = False) -> tuple[str, int]:
    """The error page; its own words per status stand in the template, and those for what is `refused` as things are."""
    # The look of an organisation stands in the database, and this page has to come where that does not answer.
    return render_template("error.html", status=status, sentence=sentence, refused=refused, house_here=None), status


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


def _busy() -> Response:
    """Others hold what this needed for longer than it could wait: nothing is wrong, and what was typed comes back."""
    log.warning("the database was busy for too long")
    why = gettext("Het is nu erg druk. Er is niets opgeslagen. Wacht even en druk nog een keer.")
    if stale_forms.typed() and not stale_forms.from_elsewhere():
        answer = stale_forms.came_back(why, ServiceUnavailable.code)
    else:
        answer = make_response(page(ServiceUnavailable.code, why))
    answer.headers["Retry-After"] = str(AGAIN)
    return answer


def busy(error: SQLAlchemyError) -> bool:
    """Whether the database could not do this now, and could a little later: locks, deadlocks, no connection left."""
    if isinstance(error, PoolTimeout):
        return True
    cause = error.orig if isinstance(error, DBAPIError) else None
    name = getattr(cause, "sqlite_errorname", "")
    return name.startswith(_BUSY_SQLITE) or getattr(cause, "sqlstate", None) in _BUSY_POSTGRES


def _unexpected(error: Exception) -> tuple[str, int] | Response:
    if isinstance(error, SQLAlchemyError):
        db.session.rollback()
        if busy(error):
            return _busy()
    # The kind of mistake and where it was made, without its text: that may hold what somebody typed.
    log.error("unexpected %s\n%s", type(error).__name__, "".join(format_tb(error.__traceback__)))
    return page(InternalServerError.code or 500)
