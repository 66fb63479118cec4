"""The organiser's room itself: its guard, its menu, and the first page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response

from web import access, accounts, world
from web.organiser import wording
from web.rows import Project, Series, db
from web.rows.organisation import KEY_CONTACTS
from web.rows.staff import COORDINATOR, ORGANISER
from web.services import meetings, to_do

blueprint = Blueprint("organiser", __name__, url_prefix="/werk", template_folder="templates")

COORDINATORS = {
    f"{blueprint.name}.{name}"
    for name in ("home", "series", "poster", "venues", "venue", "facilitators", "facilitator", "new_facilitator")
} | {f"{blueprint.name}.new_venue", f"{blueprint.name}.facilitator_calendar"}
"""All that a coordinator of facilitators may do. Who signed up and who sits where is for organisers (promise 10)."""

MENU = {
    "home": lambda: _("Ontmoetingen"),
    "calls": lambda: _("Bellijst"),
    "replies": lambda: _("Antwoorden"),
    "facilitators": lambda: _("Gespreksleiders"),
    "venues": lambda: _("Locaties"),
    "contacts": lambda: _("Sleutelfiguren"),
}
TABS = {
    "series": lambda: _("Overzicht"),
    "desk": lambda: _("Balie"),
    "signups": lambda: _("Aanmeldingen"),
    "figures": lambda: _("Cijfers"),
    "import_form": lambda: _("Importeren"),
    wording.EDITOR: lambda: _("Groepen"),
    "messages": lambda: _("Berichten"),
    "turnout": lambda: _("Wie komt er"),
}


@blueprint.before_request
def guard() -> Response | None:
    """Nobody comes in without an account that works here, and coordinators stay with their own work."""
    refused = accounts.signed_in(ORGANISER, COORDINATOR)
    if refused is None and request.endpoint not in COORDINATORS:
        access.need_role(access.me(), ORGANISER)
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
        "may": may,
        "sentence": wording.sentence,
        "task_url": wording.task_url,
        "state_badge": wording.state_badge,
    }


def may(name: str) -> bool:
    """Whether this account may open a page of this room."""
    endpoint, account = f"{blueprint.name}.{name}", access.me()
    known = endpoint in current_app.view_functions and (name != "contacts" or any(with_key_contacts()))
    return known and (endpoint in COORDINATORS or access.is_admin(account) or account.has_role(ORGANISER))


def my_projects() -> Sequence[Project]:
    """The projects in which this account may start something."""
    account = access.me()
    found = access.owned(Project, account)
    return db.session.scalars(found).all() if access.is_admin(account) else account.projects


def with_key_contacts() -> list[Project]:
    """Those of them that work with key contacts."""
    return [project for project in my_projects() if project.has(KEY_CONTACTS)]


def _entry(name: str) -> tuple[str, str, bool]:
    return MENU[name](), url_for(f".{name}"), request.endpoint == f"{blueprint.name}.{name}"


def tabs(series: Series) -> list[tuple[str, str, bool]]:
    """The pages of one series."""
    return [
        (text(), url_for(f".{name}", series_id=series.id), request.endpoint == f"{blueprint.name}.{name}")
        for name, text in TABS.items()
        if may(name)
    ]


def series_for_me(series_id: int) -> Series:
    """A series of this account's own projects. Raises Missing."""
    return access.get(db.session, Series, series_id, for_=access.me())


@blueprint.get("/")
def home() -> str:
    """The meetings of this account, with what needs doing."""
    mine = db.session.scalars(access.owned(Series, access.me()).order_by(Series.id.desc())).all()
    standings = [to_do.standing(db.session, series, world.settings(), world.now()) for series in mine]
    return render_template("organiser/home.html", standings=standings, last=meetings.last_of(mine))
