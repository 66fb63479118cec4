"""One function per letter: what somebody reads, in the language that is set; nothing about anybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject and text, without an address."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a letter tells. Every meeting is a line: when and where; `lost` is where to ask for a new link."""

    title: str
    sender: str
    contact: str = ""
    meetings: tuple[str, ...] = ()
    code: str = ""
    waiting: bool = False
    pin: str = ""
    lost: str = ""


Write = Callable[[str, Facts, str], Letter]


def confirmation(to: str, facts: Facts, link: str) -> Letter:
    """Right after signing up: what we know, what happens now, and the own page."""
    subject = _("Je bent aangemeld: %(title)s", title=facts.title)
    lines = [_("Je hebt je aangemeld voor: %(title)s.", title=facts.title)]
    if facts.meetings:
        lines += [_("Je kunt op:"), *map(_item, facts.meetings)]
    if facts.waiting:
        lines.append(_("Alle plekken zijn nu bezet. Je staat op de wachtlijst."))
        lines.append(_("Komt er een plek vrij, dan hoor je dat van ons."))
    else:
        lines.append(_("Wij maken straks groepen. Daarna hoor je op welke dag je komt en waar."))
    return Letter(subject, _text(to, facts, [*lines, *_own_page(facts, link), *_code(facts)]))


def link(to: str, facts: Facts, link: str) -> Letter:
    """Somebody who lost the link to the own page."""
    subject = _("Jouw link: %(title)s", title=facts.title)
    asked = _("Je vroeg om een nieuwe link voor: %(title)s. De oude link werkt niet meer.", title=facts.title)
    return Letter(subject, _text(to, facts, [asked, *_own_page(facts, link), *_code(facts)]))


def placed(to: str, facts: Facts, link: str) -> Letter:
    """A place at a table: when and where."""
    subject = _("Je hebt een plek: %(title)s", title=facts.title)
    lines = [_("Je hebt een plek bij: %(title)s. Je komt op:", title=facts.title), *map(_item, facts.meetings)]
    return Letter(subject, _text(to, facts, [*lines, _cannot_come(), *_own_page(facts, link), *_code(facts)]))


def changed(to: str, facts: Facts, link: str) -> Letter:
    """Another time, place or table than was said before."""
    subject = _("Er is iets veranderd: %(title)s", title=facts.title)
    told = _("Er is iets veranderd bij: %(title)s. Je komt nu op:", title=facts.title)
    lines = [told, *map(_item, facts.meetings), _("Wat we eerder schreven, geldt niet meer.")]
    return Letter(subject, _text(to, facts, [*lines, _cannot_come(), *_own_page(facts, link), *_code(facts)]))


def waiting(to: str, facts: Facts, link: str) -> Letter:
    """No place this time, and what that means (P29)."""
    subject = _("Nog geen plek: %(title)s", title=facts.title)
    lines = [
        _("Er is nu geen plek voor je bij: %(title)s. Dat spijt ons.", title=facts.title),
        _("Je staat op de wachtlijst."),
        _("Komt er een plek vrij, dan hoor je dat van ons."),
        _("Lukt het nu niet? Dan ga jij voor als je de volgende keer weer meedoet."),
    ]
    return Letter(subject, _text(to, facts, [*lines, *_own_page(facts, link), *_code(facts)]))


def list_ready(to: str, facts: Facts, link: str) -> Letter:
    """For a facilitator: where the list is and the PIN that opens it."""
    subject = _("Je lijst staat klaar: %(title)s", title=facts.title)
    lines = [
        _("Je begeleidt een groep bij: %(title)s.", title=facts.title),
        *map(_item, facts.meetings),
        _("Hier staat wie er komen: %(link)s", link=link),
        _("Je pincode is: %(pin)s", pin=facts.pin),
        _("De link werkt alleen in de dagen rond de ontmoeting. Stuur hem niet door."),
    ]
    return Letter(subject, _text(to, facts, lines))


LETTERS: dict[str, Write] = {
    "confirmation": confirmation,
    "link": link,
    "placed": placed,
    "changed": changed,
    "waiting": waiting,
    "list_ready": list_ready,
}


def _item(meeting: str) -> str:
    return f"- {meeting}"


def _own_page(facts: Facts, link: str) -> list[str]:
    """Where to change or leave. A letter that comes later has no link: that is stored nowhere."""
    if link:
        return [
            _("Wil je iets veranderen of je afmelden? Dat doe je op jouw eigen pagina: %(link)s", link=link),
            _("Stuur deze link niet door. Wie hem heeft, kan jouw gegevens zien."),
        ]
    return [
        _("Wil je iets veranderen of je afmelden? Gebruik dan de link die je kreeg toen je je aanmeldde."),
        _("Ben je die link kwijt? Vraag een nieuwe: %(link)s", link=facts.lost),
    ]


def _cannot_come() -> str:
    return _("Kun je toch niet komen? Laat het ons weten. Dan geven we jouw plek aan iemand anders.")


def _code(facts: Facts) -> list[str]:
    return [_("Jouw code is %(code)s. Die hebben we nodig als je belt.", code=facts.code)] if facts.code else []


def _text(to: str, facts: Facts, lines: Iterable[str]) -> str:
    """The whole letter; the lines of a list stay together, everything else is a paragraph."""
    paragraphs = [_("Dag %(name)s,", name=to), *lines]
    if facts.contact:
        paragraphs.append(_("Heb je een vraag? Bel %(contact)s.", contact=facts.contact))
    paragraphs.append(_("Groet van %(sender)s", sender=facts.sender))
    text = paragraphs[0]
    for before, line in pairwise(paragraphs):
        text += ("\n" if before.startswith("- ") and line.startswith("- ") else "\n\n") + line
    return text + "\n"
