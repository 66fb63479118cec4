"""Routes behind the link in an offer: when and where, until when, and the buttons for yes and no."""

from __future__ import annotations

from flask import g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from web import world
from web.formatting import span
from web.resident.routes import blueprint
from web.rows import db
from web.services.groups import offers
from web.services.invitations.rsvp import queries
from web.transaction import transaction

ANSWERS = {"yes": offers.accept, "no": offers.decline}
"""What a button says -> what it does."""


@blueprint.route("/plek/<offered>", methods=["GET", "POST"])
def offer(offered: str) -> Response:
    """A place that came free. Only a button answers."""
    decide = ANSWERS.get(request.form.get("answer", ""))
    if decide is None:
        return _page(offered)
    try:
        with transaction(db.session):
            decide(db.session, g.offer, now=world.now(), settings=world.settings())
    except offers.OfferOver as refused:
        return _page(offered, refused)
    return redirect(url_for(".offer", offered=offered))


def _page(offered: str, refused: offers.OfferOver | None = None) -> Response:
    page = render_template(
        "resident/offer.html",
        offered=offered,
        offer=g.offer,
        standing=offers.standing(g.offer, world.now()),
        dates=[span(date.starts, date.ends) for date in offers.dates(g.offer.session, world.now())],
        invitations=queries.to_come(db.session, g.offer.signup, world.now()),
        refused=refused,
    )
    return make_response(page, refused.status if refused else 200)
