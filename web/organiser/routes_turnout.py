"""Routes of who comes: the answers for a date, how many we expect, and whom to call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from web import access, world
from web.errors import Mishap, Missing
from web.form_checks import row_number
from web.languages import language
from web.organiser.message_words import too_late
from web.organiser.routes import blueprint, series_for_me
from web.pictures import Expected, Picture, expected
from web.rows import Invitation, Offer, db
from web.rows.invitations import ANSWERS
from web.services import audit
from web.services.groups import offers
from web.services.invitations.rsvp import turnout as who_comes
from web.services.invitations.rsvp.turnout import Offered, Turnout
from web.services.text.called import called
from web.transaction import transaction

PAGE = "/<int:series_id>/wie-komt-er"
DECIDE = {"ja": offers.accept, "nee": offers.decline}
"""What a button about a free place says -> what it does."""


@blueprint.get(PAGE)
def turnout(series_id: int) -> str:
    """Who comes to one date of a series; which date goes by `keer`."""
    series = series_for_me(series_id)
    date = who_comes.chosen(series, _number(request.args.get("keer")), world.now())
    found = who_comes.turnout(db.session, date, world.settings()) if date else None
    if found:
        audit.note(db.session, series, "read turnout", by=access.me(), now=world.now(), about=found.gathering)
    offered = who_comes.offered(db.session, date, world.now()) if date else None
    return render_template(
        "organiser/turnout.html",
        series=series,
        names=_names(found, offered),
        dates=who_comes.dates_of(series),
        found=found,
        offered=offered,
        between=_between(found) if found else "",
        picture=_picture(found) if found and found.tables else None,
        now=world.now(),
    )


def _names(found: Turnout | None, offered: Offered | None) -> dict[int, str]:
    """What everybody on this page is called on it."""
    guests = (guest.signup for table in (found.tables if found else ()) for guest in table.guests)
    asked = (offer.signup for offer in ((*offered.asked, *offered.taken) if offered else ()))
    return called({one.id: one for one in (*guests, *asked)}.values())


def _number(typed: str | None) -> int | None:
    return None if typed is None else row_number(typed)


def _picture(found: Turnout) -> Picture:
    seated = sum(len(table.guests) for table in found.tables)
    whole = Expected(_("Iedereen samen"), seated, found.forecast.low, found.forecast.high, found.forecast.mean)
    bands = [
        Expected(
            _("Tafel %(number)d", number=table.number),
            len(table.guests),
            table.forecast.low,
            table.forecast.high,
            table.forecast.mean,
            found.least,
        )
        for table in found.tables
    ]
    title = _("Hoeveel mensen we verwachten")
    return expected(title, [whole, *bands] if len(bands) > 1 else bands, language())


def _between(found: Turnout) -> str:
    """How many we expect, in a sentence."""
    low, high = found.forecast.low, found.forecast.high
    if low == high:
        return ngettext("We verwachten %(num)d persoon.", "We verwachten %(num)d mensen.", low)
    return _("We verwachten %(low)d tot %(high)d mensen.", low=low, high=high)


@blueprint.post(PAGE)
def answer_for(series_id: int) -> Response:
    """Somebody told us that they come, or not."""
    series = series_for_me(series_id)
    id, said = _number(request.form.get("uitnodiging", "")), request.form.get("antwoord", "")
    invitation = access.get(db.session, Invitation, id or 0, for_=access.me())
    if invitation.series_id != series.id or said not in ANSWERS:
        raise Missing
    told: dict[str, Any] = {"by": access.me(), "now": world.now(), "settings": world.settings()}
    _note_down(lambda: who_comes.answered(db.session, invitation, said, **told))
    return redirect(url_for(".turnout", series_id=series.id, keer=invitation.gathering_id))


@blueprint.post(f"{PAGE}/plek")
def answer_offer(series_id: int) -> Response:
    """Somebody told us whether they take a place that came free."""
    series = series_for_me(series_id)
    id, decide = _number(request.form.get("plek", "")), DECIDE.get(request.form.get("antwoord", ""))
    offer = access.get(db.session, Offer, id or 0, for_=access.me())
    if offer.series_id != series.id or decide is None:
        raise Missing
    told: dict[str, Any] = {"by": access.me(), "now": world.now(), "settings": world.settings()}
    _note_down(lambda: decide(db.session, offer, **told))
    return redirect(url_for(".turnout", series_id=series.id, keer=_number(request.form.get("keer", "")) or None))


def _note_down(answer: Callable[[], object]) -> None:
    """Keep what somebody said; if it comes too late, say what to tell them."""
    try:
        with transaction(db.session):
            answer()
    except Mishap as mishap:
        flash(too_late(mishap), "error")
    else:
        flash(_("Genoteerd."), "ok")
