"""A form that lay open too long: how long that is, and how all that was typed comes back."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Response, g, make_response, render_template, request, session
from flask_babel import gettext as _

OPEN = timedelta(hours=24)
"""How long a page with a form may lie open before it is sent; WCAG 2.2.1 asks for more than twenty hours."""
HOURS = OPEN // timedelta(hours=1)
TOKEN = "csrf_token"
UNSAID = frozenset({"password", "new_password", "new_password_confirm", "code", "passcode", "pin"})
"""Fields whose text never goes back to a page."""
NAMELESS = frozenset({TOKEN, "_flashes", "_permanent", "_fresh"})
"""What the session of somebody holds who signed in nowhere; the last one is Flask-Login's."""


def install(app: Flask) -> None:
    """Give a form its full time again whenever it is shown."""
    app.after_request(_renew)


def _renew(response: Response) -> Response:
    """The session holds the token of every form; it is signed anew, and without an account it outlives the browser."""
    if request.endpoint == "static":
        return response
    nameless = session.keys() <= NAMELESS
    if TOKEN in g or (session.permanent and not nameless):
        session.permanent = nameless
    return response


def from_elsewhere() -> bool:
    """Whether another site made the browser send this: what stands in it did not come from the visitor."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in ("same-origin", "none")
    sender = request.headers.get("Origin") or request.referrer
    try:
        return bool(sender) and urlsplit(sender).netloc != request.host
    except ValueError:  # no address at all
        return True


def cause() -> str:
    """Why a token was not taken, as far as this one request tells."""
    if request.cookies:
        return _("Deze pagina stond lang open. Daarom vragen we het nog één keer.")
    return _(
        "Je browser stuurde geen cookies mee. Zonder cookies kunnen we dit formulier niet aannemen. Misschien staan ze "
        "uit, of stond deze pagina langer dan %(hours)d uur open.",
        hours=HOURS,
    )


def typed() -> list[tuple[str, str]]:
    """All that was sent, for a form that sends it once more; nothing of what may not go back to a page."""
    if UNSAID & request.form.keys():
        return []
    return [(name, text) for name, text in request.form.items(multi=True) if name != TOKEN]


def came_back(why: str, status: int, *, sign_in: str = "") -> Response:
    """A page that says why nothing was done, and sends the same form again at the press of a button.

    `sign_in`: where to do so first, for who is not signed in any more.
    """
    page = render_template(
        "came_back.html",
        why=why,
        typed=typed(),
        again=not UNSAID & request.form.keys() and not request.files,
        file=bool(request.files),
        address=request.full_path.removesuffix("?"),
        no_cookies=not request.cookies,
        sign_in=sign_in,
    )
    return make_response(page, status)
