"""Routes of the mails of a demo: nothing is sent there, and here one sees what residents would get."""

from __future__ import annotations

from flask import Response, current_app, make_response, render_template

from web import world
from web.channels import Maildir
from web.errors import Missing
from web.headers import POLICY
from web.jobs import folder_of
from web.organiser.routes import blueprint
from web.services.messages import sent_mail

FRAMING = "; ".join(f"{name} {source}" for name, source in {**POLICY, "frame-src": "'self'"}.items())
SEALED = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""A mail carries its styles in its tags. Nothing in it runs or is fetched; its links open in a window of their own."""


def _box() -> Maildir:
    """The folder with mails. Raises Missing anywhere but in a demo that sends nothing."""
    settings = world.settings()
    if not world.is_demo() or settings.mail.host:
        raise Missing
    return Maildir(folder_of(current_app) / "mail", settings.sender)


@blueprint.get("/verstuurd")
def sent() -> str:
    """What was written last."""
    return render_template("organiser/sent.html", mails=list(sent_mail.newest(_box())))


@blueprint.get("/verstuurd/<name>")
def sent_one(name: str) -> Response:
    """One mail, as a mail program shows it."""
    answer = make_response(render_template("organiser/sent_mail.html", mail=sent_mail.one(_box(), name)))
    answer.headers["Content-Security-Policy"] = FRAMING
    return answer


@blueprint.get("/verstuurd/<name>/mail")
def sent_html(name: str) -> Response:
    """The mail itself, locked up in its frame."""
    mail = sent_mail.one(_box(), name)
    answer = Response(mail.html.replace("<head>", '<head><base target="_blank">', 1))
    answer.headers["Content-Security-Policy"] = SEALED
    return answer
