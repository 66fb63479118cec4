"""What several letters have in common: dates, the answer to an invitation, the own page."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from web.letters.blocks import Block, Button, DateCard, Dates, Link, Note, Paragraph
from web.letters.facts import Facts, Meeting
from web.letters.writing import cut

PLACE, SEVERAL, ROOM = 70, 3, 200
"""In a text message: characters of an address, dates that are all told, and characters for them if each has a place."""


def cards(meetings: tuple[Meeting, ...]) -> list[Block]:
    """A card for every date."""
    return [DateCard(meeting) for meeting in meetings]


def over(facts: Facts, label: str) -> list[Block]:
    """The dates that are no longer so."""
    return [Dates(label, facts.before, over=True)] if facts.before else []


def day(meetings: tuple[Meeting, ...]) -> str:
    """For a subject: the day, if it is one."""
    return meetings[0].day if len(meetings) == 1 else ""


def said(meetings: tuple[Meeting, ...]) -> list[str]:
    """Dates in a text message: when and where; of many the first, and how many more."""
    places = list(dict.fromkeys(cut(one.place, PLACE) for one in meetings))
    if len(meetings) <= SEVERAL and len(places) <= 1:
        return [*_whens(meetings), *(_sentence(place) for place in places if place)]
    each = [_sentence(", ".join(filter(None, (one.when, cut(one.place, PLACE))))) for one in meetings]
    if len(meetings) <= SEVERAL and len(" ".join(each)) <= ROOM:
        return each
    more = ngettext("En nog %(num)d datum.", "En nog %(num)d andere data.", len(meetings) - 1)
    return [f"{_sentence(meetings[0].when)} {more}", *(_sentence(place) for place in places[:1] if place)]


def _whens(meetings: tuple[Meeting, ...]) -> list[str]:
    """Every date; at the same hours those stand there once, for every character counts."""
    if len(meetings) > 1 and len({one.time for one in meetings}) == 1:
        return [_sentence(", ".join([*(one.day for one in meetings), meetings[0].time]))]
    return [_sentence(one.when) for one in meetings]


def _sentence(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}."


def answering(facts: Facts) -> list[Block]:
    """Where to say whether you come, and the date for the own calendar."""
    if not facts.answer:
        return [cannot_come()]
    if len(facts.meetings) > 1:
        return [*_answering_several(facts), *agenda(facts)]
    if facts.coming:
        said = Paragraph(_("Je zei dat je komt. Fijn! Kun je toch niet? Zeg het dan hier."))
        return [said, Button(_("Ik kom toch niet"), facts.answer, quiet=True), *agenda(facts)]
    return [
        Paragraph(_("Kom je? Laat het ons weten. Kun je niet? Dan vragen we iemand anders.")),
        Button(_("Zeg of je komt"), facts.answer),
        *agenda(facts),
    ]


def _answering_several(facts: Facts) -> list[Block]:
    """One page for all dates; the buttons of a mail or calendar program are about one."""
    only_one = Note(_("Staan er knoppen boven deze mail, of in je agenda? Die gaan over één datum."))
    if facts.coming:
        said = Paragraph(_("Je zei dat je komt. Fijn! Kun je een keer niet? Zeg het dan hier."))
        return [said, Button(_("Verander je antwoord"), facts.answer, quiet=True), only_one]
    said = Paragraph(_("Kom je? Je kunt één antwoord geven voor alle data, of per keer."))
    return [said, Button(_("Zeg of je komt"), facts.answer), only_one]


def cannot_come() -> Paragraph:
    """For who has no page to say so."""
    return Paragraph(_("Kun je toch niet komen? Laat het ons weten. Dan geven we jouw plek aan iemand anders."))


def agenda(facts: Facts) -> list[Block]:
    """The dates for the own calendar."""
    label = _("Zet alle data in je agenda") if len(facts.meetings) > 1 else _("Zet het in je agenda")
    return [Link(label, facts.agenda)] if facts.agenda else []


def own_page(facts: Facts, link: str) -> list[Block]:
    """The door to the own page, for a letter that brings the secret."""
    if not link:
        return []
    return [
        Paragraph(_("Wil je iets veranderen of je afmelden? Dat doe je op jouw eigen pagina.")),
        Button(_("Naar jouw eigen pagina"), link),
        Note(_("Stuur deze link niet door. Wie hem heeft, kan jouw gegevens zien.")),
    ]


def foot(facts: Facts, link: str = "") -> list[Note | Link]:
    """The code for on the phone; and where to ask for the own page, as its link is stored nowhere."""
    found: list[Note | Link] = []
    if facts.code:
        found.append(Note(_("Jouw code is %(code)s. Die hebben we nodig als je belt.", code=facts.code)))
    if facts.lost and not link:
        found.append(Link(_("Naar jouw eigen pagina? Vraag een nieuwe link"), facts.lost))
    return found


def waits() -> Paragraph:
    """What the waiting list means."""
    return Paragraph(_("Je staat op de wachtlijst. Komt er een plek vrij, dan hoor je dat van ons."))


def act(facts: Facts, link: str = "") -> tuple[str, str]:
    """The link of a text message about a place: the own page, or to answer, or where to ask for a link."""
    if link or facts.answer:
        return _("Kom je? Zeg het hier"), link or facts.answer
    return _("Kom je? Vraag hier je link"), facts.lost


def page(link: str) -> tuple[str, str]:
    """The link of a text message: the own page."""
    return _("Jouw pagina"), link


def call(facts: Facts) -> str:
    """Whom to call, in a text message."""
    return _("Vragen? Bel %(contact)s.", contact=facts.contact) if facts.contact else ""
