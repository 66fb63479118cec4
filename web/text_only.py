"""Forms take text: who sends JSON, or a file where none is asked, hears so before anything reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from web.errors import N_, Mishap

View = TypeVar("View", bound=Callable[..., Any])
_TAKES_FILE = "takes_file"


class NotText(Mishap):
    """Something else than the text of a form was sent: no browser does that with a page of ours."""

    status = 415
    sentence = N_("Dit is geen formulier van deze site. Ga terug, laad de pagina opnieuw en vul het formulier daar in.")


def install(app: Flask) -> None:
    """Look at all that comes in; installed before whatever else reads a form, such as the check of its token."""
    app.before_request(_check)


def takes_file(view: View) -> View:
    """Mark a view that asks for a file; no other gets one to see."""
    setattr(view, _TAKES_FILE, True)
    return view


def _check() -> None:
    """WTForms would hand a file, or whatever JSON holds, to code that was written for what somebody types."""
    if request.is_json:
        raise NotText
    view = current_app.view_functions.get(request.endpoint or "")
    if request.mimetype == "multipart/form-data" and not getattr(view, _TAKES_FILE, False) and request.files:
        raise NotText
