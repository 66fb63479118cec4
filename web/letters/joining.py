"""Letters about signing up: what we know, a lost link, and a time that moved before the groups were made."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from web.letters import parts
from web.letters.blocks import Block, Button, Code, Dates, Link, Note, Paragraph, plain
from web.letters.facts import Facts, Letter
from web.letters.kinds import letter
from web.letters.writing import compose

LATE = "late"
"""The reason in a welcome to who signed up when the groups were made."""


@letter(later("bevestiging van de aanmelding"))
def confirmation(to: str, facts: Facts, link: str) -> Letter:
    """Right after signing up: what we know, what happens now, and the own page."""
    if facts.waiting and facts.reason == LATE:
        news = _("Je staat op de wachtlijst")
        told = _("De tafels zijn al ingedeeld. Komt er een plek vrij? Dan vragen we je eerst of je wilt komen.")
    elif facts.waiting:
        news = _("Je staat op de wachtlijst")
        told = _("Alle plekken zijn nu bezet. Komt er een plek vrij? Dan doe je mee, en krijg je bericht.")
    else:
        news = _("Je bent aangemeld")
        told = _("We delen straks de tafels in. Daarna hoor je op welke dag je komt en waar.")
    return compose(
        to,
        facts,
        news,
        [Paragraph(told), *_times(facts), *_code(facts), *parts.own_page(facts, link)],
        foot=_lost(facts, link),
        short=[told, _code_said(facts), parts.call(facts)],
        act=parts.page(link),
    )


@letter(later("van de wachtlijst af"))
def moved_up(to: str, facts: Facts, link: str) -> Letter:
    """Somebody who waited takes part: a place came free before the groups were made."""
    told = _("Er kwam een plek vrij. Je staat niet meer op de wachtlijst: je doet mee!")
    then = _("We delen straks de tafels in. Daarna hoor je op welke dag je komt en waar.")
    sorry = _("Kun je niet meer? Zeg het even. Dan kan iemand anders op jouw plek.")
    return compose(
        to,
        facts,
        _("Je doet mee"),
        [Paragraph(told), Paragraph(then), *_times(facts), Paragraph(sorry), *parts.own_page(facts, link)],
        foot=parts.foot(facts, link),
        short=[told, then, parts.call(facts)],
        act=parts.page(link) if link else (_("Vraag een link"), facts.lost),
    )


@letter(later("nieuwe link"), to_who_left=True)
def link(to: str, facts: Facts, link: str) -> Letter:
    """Somebody who lost the link to the own page."""
    told = _(
        "Iemand vroeg om een nieuwe link naar jouw eigen pagina. De oude link werkt tot je op die pagina op een knop "
        "drukt. Vroeg jij dit niet? Dan hoef je niets te doen."
    )
    if facts.pages:
        return _links(to, facts)
    return compose(
        to,
        facts,
        _("Jouw nieuwe link"),
        [Paragraph(told), *parts.own_page(facts, link), *_code(facts)],
        foot=_lost(facts, link),
        short=[told, _code_said(facts)],
        act=parts.page(link),
    )


def _links(to: str, facts: Facts) -> Letter:
    """The links of everybody who shares an address; a text message has room for one."""
    told = _(
        "Iemand vroeg om nieuwe links. Er zijn meer aanmeldingen met dit adres of nummer: dit zijn hun links. De oude "
        "link van een pagina werkt tot je op de nieuwe pagina op een knop drukt."
    )
    nothing = _("Vroeg jij dit niet? Dan hoef je niets te doen.")
    kept = Note(_("Stuur deze links niet door. Wie er een heeft, kan de gegevens van die persoon zien."))
    pages = [(_("De pagina van %(whose)s", whose=plain(whose)), page) for whose, page in facts.pages]
    return compose(
        to,
        facts,
        _("Jouw nieuwe links"),
        [Paragraph(told), *(Button(label, page) for label, page in pages), kept, Paragraph(nothing)],
        short=[nothing],
        act=pages[0],
    )


@letter(later("iemand wil samen aan tafel"))
def asked_along(to: str, facts: Facts, link: str) -> Letter:
    """Somebody named them as buddy: the own page asks whether they want that. Who it is stands only there."""
    told = _("Iemand wil graag samen met jou aan tafel. Op jouw eigen pagina zie je wie, en zeg je of je dat wilt.")
    free = _("Je hoeft niets te doen. Zeg je nee of niets, dan vertellen we dat aan niemand.")
    door = [Button(_("Vraag een link naar jouw eigen pagina"), facts.lost)] if facts.lost else []
    return compose(
        to,
        facts,
        _("Samen aan tafel?"),
        [Paragraph(told), Paragraph(free), *door],
        foot=parts.foot(facts, facts.lost),
        short=[told, free, parts.call(facts)],
        act=(_("Vraag een link"), facts.lost) if facts.lost else ("", ""),
    )


@letter(later("een tijd is veranderd"))
def times_changed(to: str, facts: Facts, link: str) -> Letter:
    """A time that somebody chose moved or was dropped; nobody has a table yet."""
    told = _("Een tijd die jij koos, is veranderd of vervalt.")
    again = _("Kies op jouw eigen pagina opnieuw wanneer je kunt.")
    left = [Dates(_("Je koos ook:"), facts.meetings)] if facts.meetings else []
    return compose(
        to,
        facts,
        _("Kies opnieuw"),
        [
            Paragraph(told),
            *parts.over(facts, _("Dit geldt niet meer:")),
            *left,
            Paragraph(again),
            *_choose(facts, link),
        ],
        foot=parts.foot(facts, link or facts.lost),
        short=[told, again, parts.call(facts)],
        act=parts.page(link) if link else (_("Vraag een link"), facts.lost),
    )


def _times(facts: Facts) -> list[Block]:
    """When somebody said that they can come."""
    return [Dates(_("Je kunt op:"), facts.meetings)] if facts.meetings else []


def _choose(facts: Facts, link: str) -> list[Block]:
    if link:
        return [Button(_("Kies opnieuw"), link)]
    return [Button(_("Vraag een link naar jouw eigen pagina"), facts.lost)] if facts.lost else []


def _lost(facts: Facts, link: str) -> list[Link]:
    return [Link(_("Naar jouw eigen pagina? Vraag een nieuwe link"), facts.lost)] if facts.lost and not link else []


def _code(facts: Facts) -> list[Block]:
    return [Code(_("Jouw code"), plain(facts.code), _("Die hebben we nodig als je belt."))] if facts.code else []


def _code_said(facts: Facts) -> str:
    return _("Jouw code: %(code)s.", code=facts.code) if facts.code else ""
