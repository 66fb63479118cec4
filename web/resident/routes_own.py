"""Routes behind the personal link: see, change, leave, come back, take along, erase. Only a button (POST) acts."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app, flash, g, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web import jobs, world
from web.formatting import day
from web.resident import forms
from web.resident.routes import blueprint
from web.rows import Offer, PlanGroup, TimeSlot, db
from web.rows.attendance import Presence
from web.rows.people import SignupState
from web.services import signups, waiting
from web.services.groups import offers
from web.services.invitations.feeds import feeding
from web.services.invitations.rsvp import queries
from web.services.plans import fit, own_table
from web.services.plans.current import Table, plan_of
from web.services.privacy import erase as erase_service
from web.services.privacy import erasures, export
from web.services.schedule import manage, public_series
from web.services.signups import buddies, lost_link, returning
from web.services.waiting import StandingKind, priority
from web.signup_forms import answers_from, answers_of, thrown_away
from web.transaction import transaction

OWN = "/mijn/<secret>/"


@blueprint.get(OWN)
def own(secret: str) -> str:
    """My sign-up and how it stands."""
    second = lost_link.is_second(g.signup, secret)
    return render_template("resident/own.html", secret=secret, second=second, **_state())


@blueprint.post(OWN + "alleen-deze-link")
def only_this_link(secret: str) -> Response:
    """The older link must not work any more: pressing any button here does that."""
    return _done(secret, _("Alleen deze link werkt nu nog. De oude link werkt niet meer."))


@blueprint.get(OWN + "aangemeld")
def finished(secret: str) -> str:
    """What to remember after signing up."""
    # Who comes back to this page later reads how it stands now.
    if waiting.standing_of(db.session, g.signup).kind not in (StandingKind.WAITS, StandingKind.TAKES_PART):
        return own(secret)
    link = url_for(".own", secret=secret, _external=True)
    return render_template("resident/finished.html", secret=secret, link=link, **_state())


@blueprint.route(OWN + "wijzigen", methods=["GET", "POST"])
def change(secret: str) -> Response:
    """Every answer on one page."""
    stored = {**answers_of(g.signup, world.settings()), "language": g.signup.language}
    sent = request.form if request.method == "POST" else None
    form = forms.change_form(g.signup.series, world.settings(), sent, stored, world.now())
    if sent is None or not form.validate():
        seats = [row for _table, row in _tables() if row.coming(world.now())]
        page = render_template("resident/change.html", secret=secret, form=form, signup=g.signup, seats=seats)
        return make_response(page, 422 if form.errors else 200)
    told = answers_from(form, form["language"].data or g.signup.language, stored)
    signups.change(db.session, g.signup, told, now=world.now(), channel="web", vault=world.vault())
    if said := buddies.said_after(g.signup):
        flash(said, "info" if g.signup.buddy_id else "warning")
    for sentence in thrown_away(form, g.signup.series, world.settings(), request.form):
        flash(sentence, "info")
    if _misfits():
        flash(_("Je antwoorden zijn veranderd. Kijk goed: een plek past nu misschien niet meer bij je."), "warning")
        return redirect(url_for(".own", secret=secret))
    return _done(secret, _("Je antwoorden zijn veranderd."))


@blueprint.route(OWN + "afmelden", methods=["GET", "POST"])
def leave(secret: str) -> str | Response:
    """I am not coming: first the question, then the button."""
    if request.method != "POST":
        dates = queries.to_come(db.session, g.signup, world.now())
        standing = waiting.own_standing(db.session, g.signup)
        return render_template("resident/leave.html", secret=secret, signup=g.signup, dates=dates, standing=standing)
    signups.leave(db.session, g.signup, now=world.now())
    return _done(secret, _("Je bent afgemeld. Jammer dat je niet kunt, en dank je wel dat je het zegt."))


@blueprint.post(OWN + "terugkomen")
def come_back(secret: str) -> Response:
    """I am coming after all."""
    had = bool(own_table.tables_of(db.session, g.signup))
    signups.come_back(db.session, g.signup, now=world.now(), settings=world.settings())
    return _done(secret, _back_again(had))


@blueprint.post(OWN + "andere-tafel")
def other_table(secret: str) -> Response:
    """Another table please; or: never mind."""
    wish = request.form.get("wish") != "no"
    own_table.ask_other(db.session, g.signup, wish)
    yes = _("Je vraag is aangekomen. Een buurtwerker kijkt wat er kan. Je hoeft niet te zeggen waarom.")
    return _done(secret, yes if wish else _("Goed. Je blijft aan deze tafel."))


@blueprint.post(OWN + "samen")
def together(secret: str) -> Response:
    """Yes or no to who would like to sit with me; nobody hears a no."""
    yes = request.form.get("answer") == "yes"
    buddies.answer(db.session, g.signup, request.form.get("who", ""), yes, now=world.now())
    no = _("Goed. Jullie komen niet samen. Wij vertellen dat aan niemand.")
    return _done(secret, _("Fijn. Jullie willen samen aan tafel.") if yes else no)


@blueprint.post(OWN + "agenda")
def follow(secret: str) -> Response:
    """A calendar to follow, at a new address; or none any more."""
    if request.form.get("wish") == "stop":
        feeding.stop(db.session, g.signup, world.now())
        return _done(secret, _("Het adres van je agenda werkt niet meer."), "agenda")
    feeding.renew(db.session, g.signup, world.now())
    return _done(secret, _("Je agenda-adres is klaar. Je vindt het hieronder."), "agenda")


@blueprint.get(OWN + "gegevens")
def data(secret: str) -> str:
    """Everything we keep about me, in words."""
    stored = export.take_along(db.session, g.signup)
    told = {"stored": stored, "offers": _offers(), "standing": waiting.own_standing(db.session, g.signup), **_words()}
    was_there = _was_there(stored["was_there"])
    return render_template("resident/data.html", secret=secret, signup=g.signup, was_there=was_there, **told)


@blueprint.get(OWN + "gegevens.json")
def data_file(secret: str) -> Response:
    """Everything we keep about me, to take along."""
    answer = jsonify(export.take_along(db.session, g.signup))
    answer.headers["Content-Disposition"] = f'attachment; filename="{g.signup.code}.json"'
    return answer


@blueprint.route(OWN + "wissen", methods=["GET", "POST"])
def erase(secret: str) -> str | Response:
    """Erase me: first what that means, then the button."""
    if request.method != "POST":
        return render_template("resident/erase.html", secret=secret, signup=g.signup)
    id = g.signup.id
    with transaction(db.session):
        erase_service.erase(db.session, g.signup, world.vault(), now=world.now())
    with suppress(OSError):  # It is done; the worker writes it down within a minute.
        erasures.mirror(db.session, Path(current_app.instance_path))
    jobs.wipe(current_app, id)
    return redirect(url_for(".erased"))


@blueprint.get("/gewist")
def erased() -> str:
    """That everything is gone."""
    return render_template("resident/erased.html")


def _back_again(had: bool) -> str:
    """What somebody came back to; `had` is whether there was a table of theirs."""
    if g.signup.state == SignupState.WAITING and had:
        return _(
            "Je plek is intussen voor iemand anders. Je staat nu op de wachtlijst. Komt er een plek vrij, dan hoor je "
            "van ons."
        )
    if g.signup.state == SignupState.WAITING:
        return _("Je staat nu op de wachtlijst. Komt er een plek vrij, dan hoor je van ons.")
    if own_table.tables_of(db.session, g.signup):
        return _("Fijn, je bent weer aangemeld. Je plek is weer van jou.")
    return _("Fijn, je bent weer aangemeld.")


def _state() -> dict[str, object]:
    feed, misfits, tables = feeding.of(db.session, g.signup), _misfits(), _tables()
    plan = plan_of(db.session, g.signup.series)
    return {
        "signup": g.signup,
        "tables": tables,
        "coming": any(row.dates[-1].ends > world.now() for _table, row in tables if row.dates),
        "misfits": misfits,
        "why": () if misfits else own_table.why(db.session, g.signup, world.settings()),
        "standing": waiting.own_standing(db.session, g.signup),
        "planned": plan is not None,
        "left_out": priority.goes_first_next_time(db.session, g.signup),
        "asking": buddies.asking(db.session, g.signup),
        "offers": offers.open_to(db.session, g.signup, world.now()),
        "invitations": queries.to_come(db.session, g.signup, world.now()),
        "address": url_for("public.feed", secret=feed.secret, _external=True) if feed else "",
        "times": public_series.to_see((one.session for one in g.signup.availability), world.now()),
        "behind": _behind(),
        "now": world.now(),
        "over": manage.is_over(g.signup.series, world.now()) and any(s.dates for s in g.signup.series.sessions),
        "can_return": returning.possible(g.signup.series, g.signup, world.now()),
    }


def _behind() -> bool:
    """Whether every time that somebody chose is behind us, and another one is not."""
    ahead = {row.id for row in g.signup.series.ahead(world.now())}
    return bool(ahead) and ahead.isdisjoint(one.session_id for one in g.signup.availability)


def _tables() -> list[tuple[PlanGroup, TimeSlot]]:
    """Where somebody sits, with the time."""
    found = own_table.tables_of(db.session, g.signup)
    return [(table, db.session.get_one(TimeSlot, table.session_id)) for table in found]


def _misfits() -> dict[Table, list[str]]:
    """The tables of somebody where their seat no longer fits what they told, with why."""
    found = fit.of_person(db.session, g.signup, world.settings(), world.now())
    return {table: [_reason(rule) for rule in rules] for table, rules in found.items()}


def _reason(rule: str) -> str:
    return {
        fit.TIME: _("Je koos deze tijd niet meer."),
        "access": _("Op deze plek is niet alles wat je nodig hebt."),
        "mode": _("Je wilt op een andere manier meedoen."),
        fit.LANGUAGE: _("Je spreekt de taal van deze tafel niet."),
        fit.BUDDIES: _("Je maatje zit hier niet."),
        "max_meetings": _("Je hebt meer plekken dan kan."),
    }[rule]


def _offers() -> list[tuple[Offer, str]]:
    """Every place that was offered, and how that stands."""
    found = export.offers_of(db.session, g.signup)
    return [(offer, offers.standing(offer, world.now())) for offer in found]


def _was_there(marks: list[dict[str, Any]]) -> list[str]:
    """Of every date the mark that holds, in words."""
    words: dict[str, str] = {
        Presence.PRESENT: _("ja"),
        Presence.LATE: _("ja, later"),
        Presence.ABSENT: _("nee"),
        Presence.OPEN: _("weer weggehaald"),
    }
    last = {mark["starts"]: words[mark["said"]] for mark in marks}
    return [f"{day(datetime.fromisoformat(starts))}: {said}" for starts, said in last.items()]


def _words() -> dict[str, object]:
    """The answers of the form in words: the same labels as when they were given."""
    form = forms.told_form(g.signup.series, world.settings(), answers_of(g.signup, world.settings()))
    return {"answers": [(field.label.text, said) for field in form if (said := _said(field))]}


def _said(field: Any) -> str:
    if hasattr(field, "iter_choices"):
        return "; ".join(str(choice.label) for choice in field.iter_choices() if choice.selected and choice.value)
    if isinstance(field.data, bool):
        return _("ja") if field.data else _("nee")
    return "" if field.name == "csrf_token" else field.data or ""


def _done(secret: str, sentence: str, place: str | None = None) -> Response:
    flash(sentence, "success")
    return redirect(url_for(".own", secret=secret, _anchor=place))
