"""The route of the calendar that a facilitator follows: the organiser makes the address, and takes it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from web import access, world
from web.organiser.routes import blueprint
from web.organiser.routes_meetings import Answer
from web.rows import Facilitator, db
from web.services.invitations.feeds import feeding
from web.services.organisations import directory


@blueprint.route("/gespreksleiders/<int:facilitator_id>/agenda", methods=["GET", "POST"])
def facilitator_calendar(facilitator_id: int) -> Answer:
    """The address, to pass on to who cannot open the own list now."""
    row = access.get(db.session, Facilitator, facilitator_id, for_=access.me())
    directory.claim(db.session, row, access.me())
    if request.method == "POST":
        stops = request.form.get("wish") == "stop"
        (feeding.stop if stops else feeding.renew)(db.session, row, world.now(), by=access.me())
        flash(_("Het adres werkt niet meer.") if stops else _("Het nieuwe adres staat hieronder."), "ok")
        return redirect(url_for(".facilitator_calendar", facilitator_id=row.id))
    directory.looked(db.session, "read facilitator", by=access.me(), now=world.now())
    feed = feeding.of(db.session, row)
    address = url_for("public.feed", secret=feed.secret, _external=True) if feed else ""
    return render_template("organiser/facilitator_calendar.html", facilitator=row, feed=feed, address=address)
