"""Words and drawing of how far a series is: its stages and figures, when something is wanted, a ring of seats."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from math import cos, pi, sin

from flask_babel import gettext as _
from flask_babel import ngettext

from web import world
from web.formatting import clock, short_day
from web.organiser.wording import state_badge
from web.rows import Series
from web.services.messages.course import Course, Ring, Stage
from web.services.messages.tasks import Task
from web.world import local

_STAGES: dict[Stage, Callable[[], str]] = {
    Stage.DRAFT: lambda: _("Concept"),
    Stage.OPEN: lambda: _("Open"),
    Stage.COMPOSED: lambda: _("Ingedeeld"),
    Stage.PUBLISHED: lambda: _("Verstuurd"),
    Stage.EVENING: lambda: _("Bezig"),
    Stage.FINISHED: lambda: _("Klaar"),
}
_ACTIONS: dict[str, Callable[[], str]] = {
    "calls": lambda: _("Begin met bellen"),
    "paper": lambda: _("Print"),
    "replies": lambda: _("Lees"),
    "times": lambda: _("Voeg een tijd toe"),
    "leader": lambda: _("Kies iemand"),
    "attendance": lambda: _("Vul in"),
    "propose": lambda: _("Naar de tafels"),
    "publish": lambda: _("Kijk na en verstuur"),
    "finish": lambda: _("Rond af"),
}
CENTRE, RADIUS, SEAT = 24, 18.5, 4.5
MOST_DRAWN = 12
"""More seats than this would overlap: then the words beside the ring say it all."""


def stages(course: Course) -> list[tuple[str, str]]:
    """Every stage in words, and whether it is done, now, or still to come."""
    order, here = list(Stage), list(Stage).index(course.stage)
    return [(_STAGES[one](), "done" if i < here else "now" if i == here else "todo") for i, one in enumerate(order)]


def figures(course: Course, people: int) -> list[tuple[str, str]]:
    """What was counted: figure and what it is of."""
    days = course.days
    return [
        (str(course.places or "–"), ngettext("plek", "plekken", course.places)),
        (str(people), _("doen mee")),
        ("–" if course.accepted is None else str(course.accepted), _("zeiden ja")),
        ("–" if days is None else str(days), ngettext("dag te gaan", "dagen te gaan", days or 0)),
    ]


def wanted(task: Task) -> tuple[str, str]:
    """Before when something is wanted, in words, and the kind of chip."""
    if task.at is None:
        return (_("deze week"), "none") if task.kind in ("replies", "strays") else (_("nu"), "warning")
    days = (local(task.at).date() - local(world.now()).date()).days
    if days <= 1:
        day = _("vandaag") if days <= 0 else _("morgen")
        return f"{day} {clock(task.at)}", "warning"
    return short_day(task.at), "none"


def action(task: Task) -> str:
    """What stands on the button of a task."""
    return _ACTIONS.get(task.kind, lambda: _("Bekijk"))()


def ring_words(ring: Ring) -> str:
    """A table in words, for who does not see the ring."""
    said = [ngettext("%(num)d komt", "%(num)d komen", ring.yes)]
    if ring.open:
        said.append(ngettext("%(num)d zei nog niets", "%(num)d zeiden nog niets", ring.open))
    if ring.no:
        said.append(ngettext("%(num)d komt niet", "%(num)d komen niet", ring.no))
    return _("Tafel %(number)s: %(said)s", number=ring.number, said=", ".join(said))


def ring_seats(ring: Ring) -> list[tuple[str, float, float]]:
    """Where each seat of a ring is drawn, with what was said there: yes, open or no."""
    said = ["yes"] * ring.yes + ["open"] * ring.open + ["no"] * ring.no
    if len(said) > MOST_DRAWN:
        return []
    turns = [2 * pi * i / len(said) for i in range(len(said))]
    places = [(CENTRE + RADIUS * sin(turn), CENTRE - RADIUS * cos(turn)) for turn in turns]
    return [(one, round(x, 1), round(y, 1)) for one, (x, y) in zip(said, places, strict=True)]


def door(series: Series, course: Course) -> tuple[str, str]:
    """Whether one can sign up, and for what: once the tables were sent it is for the waiting list."""
    text, kind = state_badge(series)
    sent = course.stage in (Stage.PUBLISHED, Stage.EVENING)
    return (_("wachtlijst open"), "info") if kind == "ok" and sent else (text, kind)


def soon(at: datetime | None, days: int = 2) -> bool:
    """Whether it is so near that its tables are worth a picture on the first page."""
    return at is not None and (local(at).date() - local(world.now()).date()).days <= days
