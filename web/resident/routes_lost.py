"""The route for who lost the personal link: one answer, whether we know the address or not."""

from __future__ import annotations

from flask import Flask, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from web import world
from web.limits import limiter, per_hour
from web.resident import forms
from web.resident.routes import blueprint
from web.rows import db
from web.services.signups import lost_link
from web.transaction import transaction


@blueprint.route("/link-kwijt", methods=["GET", "POST"])
@limiter.limit(per_hour("links_per_address_per_hour"), methods=["POST"])
def lost() -> Response:
    """Ask for a new link."""
    form = forms.lost_form(world.settings())
    if request.method != "POST" or not form.validate():
        return make_response(render_template("resident/lost.html", form=form), 422 if form.errors else 200)
    answer = redirect(url_for(".link_sent"))
    app, typed = current_app._get_current_object(), form["reach"].data  # type: ignore[attr-defined]
    # After the answer has gone: how long it takes would tell whether we know this address.
    answer.call_on_close(lambda: _send(app, typed))
    return answer


@blueprint.get("/link-kwijt/verstuurd")
def link_sent() -> str:
    """That a message comes, if there is somebody to send it to."""
    return render_template("resident/link_sent.html")


def _send(app: Flask, typed: str) -> None:
    with app.app_context(), transaction(db.session):
        lost_link.send_links(db.session, typed, now=world.now(), vault=world.vault())
