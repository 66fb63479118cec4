"""Routes behind the link in an invitation: when and where, one answer or one for each date, and no more reminders."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web import world
from web.jobs import worldly
from web.resident.routes import blueprint
from web.rows import Invitation, db
from web.services import signups
from web.services.invitations.feeds import agendas
from web.services.invitations.rsvp import queries
from web.services.invitations.rsvp.answer import NoLonger, PlaceGone, gave_up
from web.services.outbox.dates_in_words import fact_as_meeting
from web.transaction import transaction

PAGE = "/uitnodiging/<token>"


@blueprint.route(PAGE, methods=["GET", "POST"])
def invitation(token: str) -> Response:
    """When, where, at which table, and what you said, for every date to come. Only a button answers."""
    if request.method != "POST":
        return _page(token)
    said = request.form.get("answer", "")
    if said == "wait":
        signups.come_back(db.session, g.invitation.signup, now=world.now(), settings=world.settings())
        flash(_("Je staat nu op de wachtlijst. Komt er een plek vrij, dan hoor je van ons."), "info")
        return redirect(url_for(".invitation", token=token))
    if refused := _say(queries.meant(db.session, g.invitation, request.form, world.now())):
        return _page(token, refused)
    return redirect(url_for(".invitation", token=token))


def _say(answers: Sequence[tuple[Invitation, str]]) -> NoLonger | PlaceGone | None:
    """Keep what was said of each of these dates; why one of them cannot have it, if that is so."""
    found: NoLonger | PlaceGone | None = None
    for one, said in answers:
        try:
            with transaction(db.session):
                queries.say(db.session, one, said, now=world.now(), settings=world.settings())
        except (NoLonger, PlaceGone) as refused:
            found = refused
    return found


@blueprint.post("/mijn/<secret>/kom")
def come_to_all(secret: str) -> Response:
    """I am coming to every date that I said nothing of yet."""
    _say([(one, "yes") for one in queries.unsaid(db.session, g.signup, world.now())])
    flash(_("Fijn dat je komt. Hieronder zie je op welke dagen."), "success")
    return redirect(url_for(".own", secret=secret))


@blueprint.get(PAGE + "/agenda.ics")
def invitation_file(token: str) -> Response:
    """This date for a calendar."""
    return _file(agendas.file(g.invitation, worldly(current_app)))


@blueprint.get(PAGE + "/alle-data.ics")
def all_dates_file(token: str) -> Response:
    """Every date to come for a calendar."""
    return _file(agendas.all_dates(db.session, g.invitation, world.now(), worldly(current_app)))


def _file(content: bytes) -> Response:
    answer = make_response(content)
    answer.content_type = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{g.invitation.signup.series.slug}.ics"'
    return answer


@blueprint.route(PAGE + "/geen-herinnering", methods=["GET", "POST"])
def no_reminders(token: str) -> str:
    """No more reminders. A mail program presses this button by itself, without having seen the page (RFC 8058)."""
    if request.method == "POST":
        queries.be_quiet(db.session, g.invitation.signup, True)
    return render_template("resident/no_reminders.html", token=token, signup=g.invitation.signup)


@blueprint.post(PAGE + "/weer-herinneringen")
def reminders(token: str) -> Response:
    """Reminders as usual."""
    queries.be_quiet(db.session, g.invitation.signup, False)
    return redirect(url_for(".no_reminders", token=token))


@blueprint.record
def _let_mail_programs_in(state: BlueprintSetupState) -> None:
    # They have no page of ours, so no token of a form; the secret in the address is the proof.
    state.app.extensions["csrf"].exempt(no_reminders)


def _page(token: str, refused: NoLonger | PlaceGone | None = None) -> Response:
    dates = queries.to_come(db.session, g.invitation.signup, world.now())
    page = render_template(
        "resident/invitation.html" if len(dates) < 2 else "resident/invitations.html",
        token=token,
        invitation=g.invitation,
        dates=[(one, fact_as_meeting(one.told, world.settings())) for one in dates],
        standing=queries.standing(g.invitation, world.now()),
        meeting=fact_as_meeting(g.invitation.told, world.settings()),
        series=g.invitation.signup.series,
        free=gave_up(db.session, g.invitation),
        refused=refused,
    )
    return make_response(page, refused.status if refused else 200)
