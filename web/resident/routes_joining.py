"""Routes of signing up: the page of a series and the four screens."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web import announcing, stale_forms, world
from web.languages import language
from web.limits import limiter, per_hour
from web.printing import Poster, share_card
from web.resident import draft as drafts
from web.resident import forms
from web.resident.draft import Draft
from web.resident.routes import blueprint
from web.resident.steps import Step, address, names, path, step_of, via
from web.rows import Series, db
from web.services import signups, waiting
from web.services.plans import current
from web.services.schedule import manage, public_series
from web.services.signups import buddies
from web.signup_fields import LAST
from web.signup_forms import AnswerForm, answers_from, thrown_away


@blueprint.get("/doe-mee/<organisation>/<slug>/")
def series(organisation: str, slug: str) -> str:
    """What a series is, and the way in."""
    found = public_series.series_at(db.session, organisation, slug)
    over = bool(found.sessions) and manage.is_over(found, world.now())
    return render_template(
        "resident/series.html",
        series=found,
        format=world.settings().formats[found.format].format,
        open=public_series.takes_signups(found, world.now()),
        over=over,
        times=found.sessions if over else public_series.to_see(found.sessions, world.now()),
        left=waiting.places_left(db.session, found),
        planned=current.plan_of(db.session, found) is not None,
        now=world.now(),
        unknown_code=via() if via() and signups.key_contact(db.session, found, via()) is None else "",
        join_url=url_for(".begin", **names(found), via=via() or None),
    )


@blueprint.get("/doe-mee/<organisation>/<slug>/kaart.png")
def card(organisation: str, slug: str) -> Response:
    """A picture of what a series is, for where its link is shared."""
    found = public_series.series_at(db.session, organisation, slug)
    paper = announcing.poster_of(found, world.settings(), announcing.address(found), world.now())
    return Response(_card(paper, language()), content_type="image/png")


@lru_cache(maxsize=32)
def _card(paper: Poster, lang: str) -> bytes:
    """It takes a tenth of a second, and whoever shares a link has many ask for the same one."""
    return share_card(paper, lang)


@blueprint.get("/doe-mee/<organisation>/<slug>/aanmelden")
def begin(organisation: str, slug: str) -> Response:
    """One more sign-up in this browser, beside those that are not ready yet."""
    found = public_series.series_at(db.session, organisation, slug)
    first = step_of(found, 1)
    return first.keep(redirect(address(found, 1, first.draft.number)), first.draft)


def _signed_up(response: Response) -> bool:
    return "/mijn/" in response.headers.get("Location", "")


@blueprint.route("/doe-mee/<organisation>/<slug>/aanmelden/<int(min=1,max=4):number>", methods=["GET", "POST"])
@limiter.limit(per_hour("signups_per_address_per_hour"), methods=["POST"], deduct_when=_signed_up)
def screen(organisation: str, slug: str, number: int) -> Response:
    """One of the four screens; what it is told goes along in a cookie until the last button."""
    now = step_of(public_series.series_at(db.session, organisation, slug), number)
    if not public_series.takes_signups(now.series, world.now()):
        return _closed(now)
    if now.no_cookies:
        return _no_cookies(now)
    return _sent(now) if request.method == "POST" else _show(now)


def _no_cookies(step: Step) -> Response:
    if request.method == "POST":
        return stale_forms.came_back(stale_forms.cause(), 400)
    return make_response(render_template("resident/no_cookies.html", series=step.series), 400)


def _show(step: Step) -> Response:
    if not step.known:
        _say_what_is_gone(step)
        # From the first screen to nowhere else: a browser that keeps no cookies would go round in circles.
        if step.number > 1:
            return step.to(1, step.draft)
    if step.number > step.draft.first_open():
        return _back(step, step.draft)
    answers = forms.begun_with(step.draft, world.settings(), language())
    return _page(step, forms.screen(step.number, step.series, world.settings(), answers, world.now()), step.draft)


def _sent(step: Step) -> Response:
    if step.number == LAST and step.known and step.draft.first_open() == LAST and not step.changed_elsewhere:
        return _last(step)
    return _checked(step)


def _last(step: Step) -> Response:
    """All answers at once: with nothing to correct on this screen there is no form of it."""
    draft = _told(step)
    form = forms.whole(step.series, world.settings(), draft.answers(), world.now())
    if form.validate() and not forms.suspect(request.form, step.draft, world.now()):
        return _sign_up(step.series, form, draft)
    return _checked(step)


def _checked(step: Step) -> Response:
    form = forms.screen(step.number, step.series, world.settings(), request.form, world.now())
    right = form.validate()
    if not step.known:
        _say_what_is_gone(step)
    if right and step.changed_elsewhere:
        form.form_errors.append(_whose_it_is_now(step.draft.name))
        right = False
    if not right:
        return _page(step, form, step.draft, status=422)
    if step.number == LAST and step.draft.first_open() == LAST:
        return _finish(step, form)
    return _onward(step, form)


def _whose_it_is_now(name: str) -> str:
    if name:
        return _(
            "Deze aanmelding is intussen in een ander tabblad veranderd, en is nu voor %(name)s. Klopt dat? Druk dan "
            "nog een keer op de knop.",
            name=name,
        )
    return _("Deze aanmelding is intussen in een ander tabblad veranderd. Klopt dat? Druk dan nog een keer op de knop.")


def _onward(step: Step, form: AnswerForm) -> Response:
    draft = _told(step)
    if not drafts.fits(draft, world.vault()):
        form.form_errors.append(_("Dit is te veel tekst. Maak je antwoord korter."))
        return _page(step, form, step.draft, status=422)
    return _back(step, draft) if draft.first_open() <= step.number else step.to(step.number + 1, draft)


def _told(step: Step) -> Draft:
    """The draft with what this screen says."""
    names = forms.names_on(step.number, step.series, world.settings(), world.now())
    return step.draft.with_answers(names, forms.relevant(request.form), world.now())


def _finish(step: Step, form: AnswerForm) -> Response:
    if why := forms.suspect(request.form, step.draft, world.now()):
        forms.empty_trap(form)
        form.form_errors.append(why)
        return _page(step, form, replace(step.draft, warned=world.now().timestamp()), status=422)
    draft = _told(step)
    all_of_it = forms.whole(step.series, world.settings(), draft.answers(), world.now())
    if all_of_it.validate():
        return _sign_up(step.series, all_of_it, draft)
    flash(_("Er is intussen iets veranderd. Kijk dit antwoord nog een keer na. De rest is bewaard."), "warning")
    return step.to(forms.screen_of(all_of_it, step.series, world.settings(), world.now()), draft)


def _sign_up(series: Series, form: AnswerForm, draft: Draft) -> Response:
    # Where its cookies are: from here on everything is read anew.
    unkept, of_series = thrown_away(form, series, world.settings(), request.form), path(series)
    answers = answers_from(form, language())
    signed = signups.sign_up(
        db.session,
        series,
        answers,
        channel="web",
        now=world.now(),
        once=draft.once,
        vault=world.vault(),
        invited_by=draft.via,
    )
    if answers.buddy and (said := buddies.said_after(signed.signup)):
        flash(said, "info" if signed.signup.buddy_id else "warning")
    for sentence in unkept:
        flash(sentence, "info")
    return drafts.drop(redirect(url_for(".finished", secret=signed.secret)), draft, of_series)


def _back(step: Step, draft: Draft) -> Response:
    """To the first screen that needs an answer, and why."""
    if step.known:
        flash(_("Vul eerst dit in. Daarna kun je verder."), "info")
    return step.to(draft.first_open(), draft)


def _say_what_is_gone(step: Step) -> None:
    """That a draft is not there any more, why, and what still is."""
    if signups.was_sent(db.session, step.series, step.asked):
        said = _(
            "Die aanmelding is al verstuurd. Daarvoor hoef je niets te doen. Iets veranderen kan met je eigen link. "
            "Hier begint een nieuwe aanmelding."
        )
    elif step.number == 1:
        return
    elif not step.asked and sum(draft.begun for draft in step.others) > 1:
        said = _("Er staan meer aanmeldingen in deze browser. Kies hieronder met welke je verdergaat.")
    else:
        said = _(
            "We hebben je eerdere antwoorden niet meer. Je browser houdt ze hooguit %(hours)d uur vast, en niet meer "
            "dan %(most)d aanmeldingen tegelijk. Heb je je al aangemeld? Dan hoef je niets te doen.",
            hours=stale_forms.HOURS,
            most=drafts.MOST,
        )
    flash(said, "info")
    if request.method == "POST" and step.number > 1:
        flash(_("Wat je net invulde, is er nog. Vul de andere schermen opnieuw in."), "info")


def _closed(step: Step) -> Response:
    """To the page of the series, which says that it is closed; with what that means for who was busy."""
    answer, draft = redirect(url_for(".series", **names(step.series))), step.draft
    if signups.was_sent(db.session, step.series, step.asked or draft.number):
        flash(_("Je aanmelding is al binnen. Je hoeft niets te doen."), "info")
        return answer
    if request.method == "POST":
        draft = _told(step)
    if not draft.begun:
        return answer
    flash(
        _(
            "De aanmelding ging dicht terwijl je bezig was. Je bent niet aangemeld. Wat je invulde, hebben wij niet "
            "bewaard. Het staat nog hooguit %(hours)d uur in je eigen browser.",
            hours=stale_forms.HOURS,
        ),
        "warning",
    )
    return step.keep(answer, draft)


def _page(step: Step, form: AnswerForm, draft: Draft, status: int = 200) -> Response:
    series, number = step.series, step.number
    full = number == 1 and waiting.must_wait(db.session, series)
    page = render_template(
        f"resident/screen{number}.html",
        series=series,
        form=form,
        number=number,
        draft=draft,
        elsewhere=step.changed_elsewhere,
        begin_url=url_for(".begin", **names(series)),
        full=full,
        planned=full and current.plan_of(db.session, series) is not None,
        # Who has just come in may have been busy before, or somebody else in the same browser.
        unfinished=[] if draft.begun or number > 1 else step.unfinished,
        back_url=address(series, number - 1, draft.number) if number > 1 else url_for(".series", **names(series)),
    )
    return step.keep(make_response(page, status), draft)
