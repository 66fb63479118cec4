"""Routes of the sign-ups of a series: every look at them is in the log."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from config import Settings
from web import access, world
from web.errors import Missing
from web.organiser.forms_desk import change_form
from web.organiser.routes import blueprint, series_for_me
from web.organiser.routes_meetings import Answer, form_page
from web.organiser.seats_to_look_at import wishes
from web.rows import Signup, db
from web.rows.people import SignupState
from web.services import waiting
from web.services.plans import fit
from web.services.signups import NotOpen, apart, buddies, doubles, food, listing
from web.services.signups import desk as at_desk
from web.signup_fields import facts_in
from web.signup_forms import answers_from, answers_of, thrown_away
from web.transaction import transaction

DOUBLES = 10
"""Likely doubles on one page: who solves one sees the next."""


def signup_for_me(series_id: int, signup_id: int) -> Signup:
    """A sign-up of a series of this account's own projects. Raises Missing."""
    signup = access.get(db.session, Signup, signup_id, for_=access.me())
    if signup.series_id != series_id:
        raise Missing
    return signup


@blueprint.route("/<int:series_id>/aanmeldingen", methods=["GET", "POST"])
def signups(series_id: int) -> str:
    """Who signed up. What is sought goes by POST: a name does not belong in an address."""
    series = series_for_me(series_id)
    at_desk.look_at(db.session, series, "read signups", by=access.me(), now=world.now())
    # A search sends its form again for another page; the address of a list has the number of the page.
    sought, asked = request.form.get("sought", "")[:100], request.form.get("page") or request.args.get("page", "1")
    only = request.form.get("only") or request.args.get("only", "")
    found = listing.page(
        db.session,
        series,
        sought=sought.strip(),
        only=only,
        number=int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1,
        vault=world.vault(),
        now=world.now(),
    )
    meal = food.food_of(db.session, series, world.settings()) if found.number == 1 and not sought and not only else None
    twice = doubles.likely(db.session, series) if found.number == 1 and not sought and not only else []
    return render_template(
        "organiser/signups.html",
        series=series,
        found=found,
        sought=sought,
        only=only,
        meal=meal,
        doubles=twice[:DOUBLES],
        more_doubles=len(twice[DOUBLES:]),
    )


@blueprint.get("/<int:series_id>/aanmeldingen/<int:signup_id>")
def signup(series_id: int, signup_id: int) -> str:
    """One sign-up."""
    found = signup_for_me(series_id, signup_id)
    at_desk.look_at(db.session, found, "read signup", by=access.me(), now=world.now())
    return render_template(
        "organiser/signup.html",
        series=found.series,
        signup=found,
        standing=waiting.standing_of(db.session, found),
        told=_facts(found, world.settings()),
        double=doubles.of(db.session, found),
        asking=buddies.asking(db.session, found),
        away=apart.wished(db.session, found),
        wishes=[one for one in wishes(db.session, found.series, world.now()) if one.signup is found],
    )


def _facts(signup: Signup, settings: Settings) -> list[tuple[str, str]]:
    """What somebody told, in words."""
    return [
        (str(fact.label), asked.shown_in(signup, settings) or str(fact.nothing))
        for asked, fact in facts_in(signup.series, settings)
    ]


@blueprint.route("/<int:series_id>/aanmeldingen/<int:signup_id>/wijzigen", methods=["GET", "POST"])
def edit_signup(series_id: int, signup_id: int) -> Answer:
    """Change what somebody told, because they asked for it."""
    found, settings = signup_for_me(series_id, signup_id), world.settings()
    at_desk.look_at(db.session, found, "read signup", by=access.me(), now=world.now())
    form = change_form(found, settings, world.now())
    back = url_for(".signup", series_id=series_id, signup_id=signup_id)
    if not form.validate_on_submit():
        return form_page(form, _("Wijzig aanmelding %(code)s", code=found.code), _("Bewaar"), back, series=found.series)
    answers = answers_from(form, found.language, answers_of(found, settings))
    at_desk.change(db.session, found, answers, by=access.me(), now=world.now(), channel="phone", vault=world.vault())
    flash(_("Bewaard."), "ok")
    if said := buddies.said_at_desk(found):
        flash(said, "warning")
    for sentence in thrown_away(form, found.series, settings, request.form):
        flash(sentence, "info")
    if fit.of_person(db.session, found, settings, world.now()):
        flash(_("De plek van deze persoon past nu niet meer. Kijk bij ‘Dit moet nog’ wat je kunt doen."), "warning")
    return redirect(back)


@blueprint.post("/<int:series_id>/aanmeldingen/<int:signup_id>/houd-laatste")
def keep_last(series_id: int, signup_id: int) -> Response:
    """One sign-up of what is likely one person twice."""
    found = signup_for_me(series_id, signup_id)
    kept = doubles.keep_last(db.session, found, by=access.me(), now=world.now(), vault=world.vault())
    flash(_("%(name)s staat er nu één keer op, met de laatste antwoorden.", name=kept.name), "ok")
    return redirect(url_for(".signup", series_id=series_id, signup_id=kept.id))


@blueprint.post("/<int:series_id>/aanmeldingen/<int:signup_id>/af")
def sign_off(series_id: int, signup_id: int) -> Response:
    """Take somebody off the list, because they asked for it."""
    found = signup_for_me(series_id, signup_id)
    at_desk.leave(db.session, found, by=access.me(), now=world.now())
    flash(_("Afgemeld. Je kunt dit nog terugdraaien."), "ok")
    return redirect(url_for(".signup", series_id=series_id, signup_id=signup_id))


@blueprint.post("/<int:series_id>/aanmeldingen/<int:signup_id>/terug")
def sign_on_again(series_id: int, signup_id: int) -> Response:
    """Put somebody back on the list, because they asked for it."""
    found = signup_for_me(series_id, signup_id)
    try:
        with transaction(db.session):
            at_desk.come_back(db.session, found, by=access.me(), now=world.now(), settings=world.settings())
    except NotOpen as refused:
        flash(_(refused.sentence), "error")
    else:
        flash(_on_again(found), "ok")
    return redirect(url_for(".signup", series_id=series_id, signup_id=signup_id))


def _on_again(signup: Signup) -> str:
    if signup.state == SignupState.WAITING:
        return _("Deze persoon staat op de wachtlijst, en hoort het als er een plek vrijkomt.")
    return _("Weer aangemeld.")
