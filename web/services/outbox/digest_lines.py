"""The lines of a digest in words, with the page where one does something about them."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as later

from web.services.outbox.event_facts import Links

LINES = {
    "outages": (later("Storingen bij het versturen of ontvangen"), "organiser.home", ""),
    "calls": (later("Mensen om te bellen"), "organiser.calls", ""),
    "stuck": (later("Berichten die niet aankwamen, of misschien niet"), "organiser.home", "organiser.messages"),
    "replies": (later("Antwoorden die iemand moet lezen"), "organiser.replies", ""),
    "tables": (later("Groepen die te klein zijn geworden"), "organiser.home", "organiser.turnout"),
    "misfits": (later("Plekken en tafels die niet meer passen"), "organiser.home", "organiser.misfits"),
    "lapsed": (later("Aangeboden plekken die niemand nam"), "organiser.home", "organiser.signups"),
    "signups": (later("Nieuwe aanmeldingen"), "organiser.home", "organiser.signups"),
    "paper": (later("Brieven om te printen"), "organiser.letters", ""),
    "strays": (later("Mails waarvan we niet weten van wie"), "admin.mail", ""),
    "server": (later("Storingen bij het versturen of ontvangen"), "admin.mail", ""),
}
"""By kind: what it is called, its page, and the page of one series if all of it is about that one."""


def worded(counts: Iterable[tuple[str, int, int | None]], links: Links) -> tuple[tuple[str, int, str], ...]:
    """Kind, number and series as label, number and link, in the language that is set."""
    return tuple((str(LINES[kind][0]), number, _link(kind, series, links)) for kind, number, series in counts)


def _link(kind: str, series: int | None, links: Links) -> str:
    _label, page, of_series = LINES[kind]
    return links.page(of_series, series_id=series) if of_series and series else links.page(page)
