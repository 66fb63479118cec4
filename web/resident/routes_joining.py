"""Routes of signing up: the page of a series and the four screens."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web import world
from web.languages import language
from web.limits import limiter, per_hour
from web.resident import draft as drafts
from web.resident import forms
from web.resident.draft import Draft
from web.resident.routes import blueprint
from web.rows import Series, db
from web.services import signups, waiting
from web.services.plans import current
from web.services.schedule import public_series
from web.signup_fields import LAST
from web.signup_forms import AnswerForm, answers_from

LONGEST_CODE = 40


@blueprint.get("/doe-mee/<organisation>/<slug>/")
def series(organisation: str, slug: str) -> str:
    """What a series is, and the way in."""
    found = public_series.series_at(db.session, organisation, slug)
    return render_template(
        "resident/series.html",
        series=found,
        format=world.settings().formats[found.format].format,
        open=public_series.takes_signups(found, world.now()),
        full=waiting.must_wait(db.session, found),
        planned=current.plan_of(db.session, found) is not None,
        join_url=_address(found, 1, via=_via() or None),
    )


def _signed_up(response: Response) -> bool:
    return "/mijn/" in response.headers.get("Location", "")


@blueprint.route("/doe-mee/<organisation>/<slug>/aanmelden/<int(min=1,max=4):number>", methods=["GET", "POST"])
@limiter.limit(per_hour("signups_per_address_per_hour"), methods=["POST"], deduct_when=_signed_up)
def screen(organisation: str, slug: str, number: int) -> Response:
    """One of the four screens; what it is told goes along in a cookie until the last button."""
    found = public_series.series_at(db.session, organisation, slug)
    if not public_series.takes_signups(found, world.now()):
        return redirect(url_for(".series", organisation=organisation, slug=slug))
    held = drafts.read(request.cookies.get(drafts.COOKIE), found.id, world.vault(), world.now())
    if request.method != "POST":
        return _show(found, number, held)
    form = forms.screen(number, found, world.settings(), request.form)
    if not form.validate():
        return _page(found, number, form, held or _begin(found), status=422)
    return _finish(found, form, held) if number == LAST else _onward(found, number, form, held)


def _show(series: Series, number: int, held: Draft | None) -> Response:
    if number > (held.first_open() if held else 1):
        return _back(series, held)
    draft = held or _begin(series)
    return _page(series, number, forms.screen(number, series, world.settings(), draft.answers()), draft)


def _onward(series: Series, number: int, form: AnswerForm, held: Draft | None) -> Response:
    names = [field.name for field in form if field.name != "csrf_token"]
    draft = (held or _begin(series)).with_answers(names, forms.relevant(request.form), world.now())
    if not drafts.fits(draft, world.vault()):
        form.form_errors.append(_("Dit is te veel tekst. Maak je antwoord korter."))
        return _page(series, number, form, held or _begin(series), status=422)
    if draft.first_open() <= number:
        return _kept(_back(series, held), series, draft)
    return _kept(redirect(_address(series, number + 1)), series, draft)


def _finish(series: Series, form: AnswerForm, held: Draft | None) -> Response:
    if held is None or held.first_open() < LAST:
        return _back(series, held)
    if not forms.is_human(form, held.started, world.now()):
        return _page(series, LAST, form, held, status=422)
    all_of_it = forms.whole(series, world.settings(), held.with_answers(form.data, request.form, world.now()).answers())
    if not all_of_it.validate():
        flash(_("Er is intussen iets veranderd. Kijk dit antwoord nog een keer na."), "warning")
        return redirect(_address(series, forms.screen_of(all_of_it, series, world.settings())))
    return _sign_up(series, all_of_it, held)


def _sign_up(series: Series, form: AnswerForm, held: Draft) -> Response:
    path = _path(series)
    signed = signups.sign_up(
        db.session,
        series,
        answers_from(form, language()),
        channel="web",
        now=world.now(),
        once=held.once,
        vault=world.vault(),
        invited_by=held.via,
    )
    return drafts.drop(redirect(url_for(".finished", secret=signed.secret)), path)


def _back(series: Series, held: Draft | None) -> Response:
    """To the first screen that needs an answer, and why."""
    if held is None:
        flash(
            _(
                "We hebben je antwoorden niet meer: we bewaren ze hooguit een uur. Begin hier opnieuw. "
                "Heb je je al aangemeld? Dan hoef je niets te doen."
            ),
            "info",
        )
    else:
        flash(_("Vul eerst dit in. Daarna kun je verder."), "info")
    return redirect(_address(series, held.first_open() if held else 1))


def _page(series: Series, number: int, form: AnswerForm, draft: Draft, status: int = 200) -> Response:
    back = _address(series, number - 1) if number > 1 else url_for(".series", **_names(series))
    told = {
        "full": number == 1 and waiting.must_wait(db.session, series),
        "planned": current.plan_of(db.session, series) is not None,
    }
    page = render_template(
        f"resident/screen{number}.html", series=series, form=form, number=number, back_url=back, **told
    )
    return _kept(make_response(page, status), series, draft)


def _kept(response: Response, series: Series, draft: Draft) -> Response:
    return drafts.keep(response, draft, _path(series), world.vault())


def _begin(series: Series) -> Draft:
    return drafts.begin(series.id, _via(), world.now())


def _via() -> str:
    """The code of whoever invited this visitor."""
    code = request.args.get("via", "")
    return code if len(code) <= LONGEST_CODE else ""


def _names(series: Series) -> dict[str, Any]:
    return {"organisation": series.project.organisation.slug, "slug": series.slug}


def _address(series: Series, number: int, **more: Any) -> str:
    return url_for(".screen", number=number, **_names(series), **more)


def _path(series: Series) -> str:
    return _address(series, 1).rpartition("/")[0]
