"""The words for what has to be done and for how a series stands, and the page where one does it."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from web import world
from web.formatting import clock, day, words
from web.rows import Series
from web.rows.meetings import SeriesState
from web.services.messages.tasks import Task
from web.services.schedule.public_series import takes_signups

EDITOR = "proposals_of_series"
"""The page with the groups of a series; another file of this room makes it."""

_SENTENCES: dict[str, Callable[[Task], str]] = {
    "review": lambda task: _("Bekijk de kopie eerst."),
    "times": lambda task: _("Voeg een tijd en een plek toe."),
    "open": lambda task: _("Open de aanmelding."),
    "finish": lambda task: _("De laatste keer is voorbij. Rond de reeks af."),
    "attendance": lambda task: ngettext(
        "Wie was er? Schrijf het op van de laatste keer.", "Wie was er? Schrijf het op van %(num)d keer.", task.count
    ),
    "call_leader": lambda task: ngettext(
        "%(num)d gespreksleider vraagt: bel mij.", "%(num)d gespreksleiders vragen: bel mij.", task.count
    ),
    "leader": lambda task: _("%(day)s heeft nog geen gespreksleider.", day=_day(task)),
    "more": lambda task: _("%(day)s heeft er nog %(count)d nodig.", day=_day(task), count=task.count),
    "few": lambda task: _("Nog weinig mensen van: %(bubbles)s.", bubbles=_bubbles(task)),
    "wishes": lambda task: ngettext(
        "%(num)d persoon vraagt een andere tafel.", "%(num)d mensen vragen een andere tafel.", task.count
    ),
    "stranded": lambda task: ngettext(
        "%(num)d persoon heeft geen tijd meer. Vraag wat wel kan.",
        "%(num)d mensen hebben geen tijd meer. Vraag wat wel kan.",
        task.count,
    ),
    "placeless": lambda task: ngettext(
        "%(num)d persoon heeft geen plek: de ontmoeting gaat niet door. Stel nieuwe groepen voor.",
        "%(num)d mensen hebben geen plek: hun ontmoeting gaat niet door. Stel nieuwe groepen voor.",
        task.count,
    ),
    "small": lambda task: ngettext(
        "%(num)d tafel is te klein geworden. Kijk wie er komt.",
        "%(num)d tafels zijn te klein geworden. Kijk wie er komt.",
        task.count,
    ),
    "misfits": lambda task: ngettext(
        "%(num)d plek of tafel past niet meer. Kijk wat je kunt doen.",
        "%(num)d plekken of tafels passen niet meer. Kijk wat je kunt doen.",
        task.count,
    ),
    "stuck": lambda task: ngettext(
        "%(num)d bericht is mislukt, of we weten het niet zeker. Bekijk het.",
        "%(num)d berichten zijn mislukt, of we weten het niet zeker. Bekijk ze.",
        task.count,
    ),
    "calls": lambda task: ngettext(
        "Bel %(num)d persoon. Die wacht op een bericht van jou.",
        "Bel %(num)d mensen. Ze wachten op een bericht van jou.",
        task.count,
    ),
    "paper": lambda task: ngettext("Print %(num)d brief.", "Print %(num)d brieven.", task.count),
    "replies": lambda task: ngettext(
        "%(num)d antwoord wacht op jou.", "%(num)d antwoorden wachten op jou.", task.count
    ),
    "strays": lambda task: ngettext(
        "%(num)d mail van een onbekende wacht op jou.", "%(num)d mails van onbekenden wachten op jou.", task.count
    ),
    "outage": lambda task: _OUTAGES[task.what](),
    "server": lambda task: _OUTAGES[task.what](),
    "propose": lambda task: _("Stel groepen voor."),
    "busy": lambda task: _("De computer maakt een voorstel."),
    "publish": lambda task: _("Bekijk het voorstel en publiceer."),
}
_OUTAGES: dict[str, Callable[[], str]] = {
    "email": lambda: _("Er is een storing bij de e-mail. De berichten wachten."),
    "text": lambda: _("Er is een storing bij de sms. De berichten wachten."),
    "inbox": lambda: _("Er is een storing bij de antwoorden. We kunnen ze nu niet lezen."),
    "clock": lambda: _("De klok van de server versprong. Wissen, herinneren en mail lezen wachten."),
    "refused": lambda: _("Andere mailservers weigeren onze e-mail. Niet iedereen krijgt onze berichten."),
}
_PAGES = {
    "attendance": "attendance",
    "call_leader": "attendance",
    "times": "new_session",
    "finish": "finish",
    "more": "desk",
    "few": "figures",
    "wishes": "misfits",
    "misfits": "misfits",
    "stranded": "signups",
    "stuck": "messages",
    "small": "turnout",
    "outage": "messages",
    "placeless": EDITOR,
    "propose": EDITOR,
    "busy": EDITOR,
    "publish": EDITOR,
}
_ROOMS = {
    "calls": ".calls",
    "paper": ".letters",
    "replies": ".replies",
    "strays": "admin.mail",
    "server": "admin.mail",
}
"""Pages about all series at once."""
_SHOWN = {"stranded": "stranded"}


def sentence(task: Task) -> str:
    """What has to be done, as one says it."""
    said = _SENTENCES[task.kind](task)
    return said[0].upper() + said[1:]


def task_url(series: Series | None, task: Task) -> str:
    """Where one does it."""
    if task.kind in _ROOMS:
        return url_for(_ROOMS[task.kind])
    if series is None:
        return url_for(".home")
    if task.kind == "leader" and task.session is not None:
        return url_for(".session", series_id=series.id, session_id=task.session.id)
    page = _PAGES.get(task.kind, "series")
    page = page if f"organiser.{page}" in current_app.view_functions else "series"
    return url_for(f".{page}", series_id=series.id, only=_SHOWN.get(task.kind))


def state_badge(series: Series) -> tuple[str, str]:
    """The state of a series in words, with the kind of badge; what closed by itself is closed."""
    if series.state == SeriesState.OPEN and not takes_signups(series, world.now()):
        return _("aanmelding dicht"), "info"
    shown: dict[str, tuple[str, str]] = {
        SeriesState.DRAFT: (_("concept"), "none"),
        SeriesState.OPEN: (_("aanmelding open"), "ok"),
        SeriesState.CLOSED: (_("aanmelding dicht"), "info"),
        SeriesState.FINISHED: (_("afgerond"), "none"),
    }
    return shown[series.state]


def _day(task: Task) -> str:
    """The day, and the hour too where there is more than one time on that day."""
    if task.session is None:
        return ""
    said = day(task.session.starts)
    if [day(other.starts) for other in task.session.round.series.sessions].count(said) == 1:
        return said
    return _("%(day)s om %(clock)s uur", day=said, clock=clock(task.session.starts))


def _bubbles(task: Task) -> str:
    return ", ".join(f"‘{words(dimension.bubble(key).texts)}’" for dimension, key in task.bubbles)
