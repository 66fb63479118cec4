"""The organiser's room itself: its guard, its menu, and the first page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response

from web import access, accounts, world
from web.organiser import course_words, wording
from web.rows import Project, Series, db
from web.rows.organisation import Block
from web.rows.staff import RoleName
from web.services.messages import course, tasks
from web.services.schedule import manage
from web.services.schedule.first_steps import first_steps

blueprint = Blueprint("organiser", __name__, url_prefix="/werk", template_folder="templates")

COORDINATORS = {
    f"{blueprint.name}.{name}"
    for name in ("home", "series", "poster", "venues", "venue", "facilitators", "facilitator", "new_facilitator")
} | {f"{blueprint.name}.new_venue", f"{blueprint.name}.facilitator_calendar"}
"""All that a coordinator of facilitators may do. Who signed up and who sits where is for organisers (promise 10)."""

MENU: dict[str, Callable[[], str]] = {
    "home": lambda: _("Ontmoetingen"),
    "calls": lambda: _("Bellijst"),
    "replies": lambda: _("Antwoorden"),
    "facilitators": lambda: _("Gespreksleiders"),
    "venues": lambda: _("Locaties"),
    "contacts": lambda: _("Sleutelfiguren"),
}
TABS: dict[str, Callable[[], str]] = {
    "series": lambda: _("Overzicht"),
    "signups": lambda: _("Aanmeldingen"),
    wording.EDITOR: lambda: _("Groepen"),
    "turnout": lambda: _("Wie komt er"),
    "messages": lambda: _("Berichten"),
}
UNDER_SIGNUPS: dict[str, Callable[[], str]] = {
    "signups": lambda: _("Lijst"),
    "desk": lambda: _("Balie"),
    "import_form": lambda: _("Importeren"),
    "figures": lambda: _("Cijfers"),
}
"""The pages about who signs up; on a phone one row of tabs would take three."""


COURSE = {
    one.__name__: one
    for one in (
        course_words.stages,
        course_words.figures,
        course_words.wanted,
        course_words.action,
        course_words.ring_words,
        course_words.ring_seats,
        course_words.soon,
        course_words.door,
    )
}
"""What the templates of this room ask about how far a series is."""


@blueprint.before_request
def guard() -> Response | None:
    """Nobody comes in without an account that works here, and coordinators stay with their own work."""
    refused = accounts.signed_in(RoleName.ORGANISER, RoleName.COORDINATOR)
    if refused is None and request.endpoint not in COORDINATORS:
        access.need_role(access.me(), RoleName.ORGANISER)
    return refused


@blueprint.context_processor
def surroundings() -> dict[str, Any]:
    """The menu, and who is signed in; for a refusal at the door there is neither."""
    if not current_user.is_authenticated:
        return {}
    shown = [name for name in MENU if may(name)]
    return {
        "nav": [*map(_entry, shown), *accounts.other_rooms()],
        "signed_in": access.me().name,
        "sign_out_url": url_for("security.logout"),
        "tabs": tabs,
        "subtabs": subtabs,
        "may": may,
        "sentence": wording.sentence,
        "task_url": wording.task_url,
        **COURSE,
    }


def may(name: str) -> bool:
    """Whether this account may open a page of this room."""
    endpoint, account = f"{blueprint.name}.{name}", access.me()
    known = endpoint in current_app.view_functions and (name != "contacts" or any(with_key_contacts()))
    return known and (endpoint in COORDINATORS or access.is_admin(account) or account.has_role(RoleName.ORGANISER))


def my_projects() -> Sequence[Project]:
    """The projects in which this account may start something."""
    account = access.me()
    found = access.owned(Project, account)
    return db.session.scalars(found).all() if access.is_admin(account) else account.projects


def with_key_contacts() -> list[Project]:
    """Those of them that work with key contacts."""
    return [project for project in my_projects() if project.has(Block.KEY_CONTACTS)]


def _entry(name: str) -> tuple[str, str, bool]:
    return MENU[name](), url_for(f".{name}"), request.endpoint == f"{blueprint.name}.{name}"


def tabs(series: Series) -> list[tuple[str, str, str]]:
    """The pages of one series: text, address, and whether it is this page or the part that this page belongs to."""
    inside = _page() in UNDER_SIGNUPS
    return [(text(), *_tab(name, series, inside and name == "signups")) for name, text in TABS.items() if may(name)]


def subtabs(series: Series) -> list[tuple[str, str, str]]:
    """The pages beside this one in its part of a series; none where a part is one page."""
    inside = _page() in UNDER_SIGNUPS
    return [(text(), *_tab(name, series)) for name, text in UNDER_SIGNUPS.items() if inside and may(name)]


def _tab(name: str, series: Series, part: bool = False) -> tuple[str, str]:
    return url_for(f".{name}", series_id=series.id), "page" if _page() == name else "true" if part else ""


def _page() -> str:
    return (request.endpoint or "").removeprefix(f"{blueprint.name}.")


def series_for_me(series_id: int) -> Series:
    """A series of this account's own projects. Raises Missing."""
    return access.get(db.session, Series, series_id, for_=access.me())


@blueprint.get("/")
def home() -> str:
    """The meetings of this account, with what needs doing."""
    mine = db.session.scalars(access.owned(Series, access.me()).order_by(Series.id.desc())).all()
    settings, now = world.settings(), world.now()
    found = [tasks.standing(db.session, series, settings, now) for series in mine]
    today = tasks.today(found, post(), now)
    return render_template(
        "organiser/home.html",
        standings=sorted(found, key=lambda one: _when_next(one.series)),
        courses={series.id: course.course(db.session, series, settings, now) for series in mine},
        today=today,
        firsts={task.series.id: task for task in reversed(today) if task.series},
        last=manage.last_of(mine),
        newest=next(iter(mine), None),
        steps=first_steps(db.session, access.me().organisation_id, mine),
        in_project=bool(my_projects()),
        now=now,
    )


def _when_next(series: Series) -> tuple[bool, datetime]:
    """What is soonest first, what has no date to come last."""
    next = tasks.next_date(series, world.now())
    return next is None, next or world.now()


def post() -> list[tasks.Task]:
    """What the messages need; who only coordinates facilitators has no part in them."""
    if not may("calls"):
        return []
    projects, admin = [project.id for project in my_projects()], access.is_admin(access.me())
    return tasks.messages(db.session, projects, world.settings(), world.now(), admin=admin)
