"""Letters for who makes the meetings: facilitators, organisers, administrators."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from web.letters import parts
from web.letters.blocks import Block, Button, Code, Dates, Note, Paragraph, Tasks, plain
from web.letters.facts import Facts, Letter, Meeting
from web.letters.kinds import letter
from web.letters.writing import compose


@letter(later("lijst voor de gespreksleider"))
def list_ready(to: str, facts: Facts, link: str) -> Letter:
    """For a facilitator: where the list is and the PIN that opens it."""
    if facts.lists:
        return _lists_ready(to, facts)
    told = _("Je begeleidt een tafel. Op de lijst staat wie er komt.")
    pin: Sequence[Block] = (
        [Code(_("Jouw pincode"), plain(facts.pin), _("Die heb je nodig om de lijst te openen."))] if facts.pin else []
    )
    kept = Note(_("De link werkt alleen in de dagen rond de ontmoeting. Stuur hem niet door."))
    again = Paragraph(_("Kijk kort van tevoren nog een keer: er kan iemand bij komen of niet komen."))
    entry: Sequence[Block] = [Button(_("Open de lijst"), link), again, kept] if link else []
    return compose(
        to,
        facts,
        _("Je lijst staat klaar"),
        [
            Paragraph(told),
            *parts.cards(facts.meetings),
            *pin,
            *entry,
        ],
        day=parts.day(facts.meetings),
        short=[_("Jouw pincode: %(pin)s.", pin=facts.pin) if facts.pin else "", *parts.said(facts.meetings)],
        act=(_("Jouw lijst"), link),
    )


def _lists_ready(to: str, facts: Facts) -> Letter:
    """Several lists, each with a link and a PIN of its own."""
    told = _("Je begeleidt meer tafels. Elke lijst heeft een eigen link en een eigen pincode.")
    lists = [block for one in facts.lists for block in _list(*one)]
    kept = Note(_("Een link werkt alleen in de dagen rond de ontmoeting. Stuur hem niet door."))
    again = Paragraph(_("Kijk kort van tevoren nog een keer: er kan iemand bij komen of niet komen."))
    return compose(to, facts, _("Je lijsten staan klaar"), [Paragraph(told), *lists, again, kept], short=[told])


def _list(dates: tuple[Meeting, ...], pin: str, link: str) -> list[Block]:
    code = [Code(_("Jouw pincode"), plain(pin))] if pin else []
    return [*parts.cards(dates), *code, *([Button(_("Open deze lijst"), link)] if link else [])]


@letter(later("verandering voor de gespreksleider"))
def list_changed(to: str, facts: Facts, link: str) -> Letter:
    """For a facilitator: their evening moved, was called off, or is led by somebody else (`lost`)."""
    off, lost = facts.reason == "called_off", facts.reason == "lost"
    news = _("Gaat niet door") if off else _("Je begeleidt deze tafel niet meer") if lost else _("Er is iets veranderd")
    told = _("De ontmoeting die jij begeleidt, gaat niet door.") if off else ""
    told = told or (_("Je hoeft niet te komen.") if lost else _("Je begeleidt een tafel. Kijk goed: dit is het nu."))
    door = [Button(_("Open de lijst"), link)] if link and not (off or lost) else []
    stands = () if lost else facts.meetings
    now: Sequence[Block] = [Dates(_("Dit gaat wel door:"), stands)] if off and stands else parts.cards(stands)
    label = _("Dit gaat niet door:") if off else _("Dit geldt niet meer:")
    shown = facts.before if off or lost else stands
    gone = parts.over(facts, label)
    return compose(
        to,
        facts,
        news,
        [Paragraph(told), *([*gone, *now] if off else [*now, *gone]), *door],
        day=parts.day(shown),
        short=[*parts.said(shown), told, parts.call(facts)],
        act=(_("Jouw lijst"), link) if door else ("", ""),
    )


@letter(later("overzicht van de ochtend"))
def digest(to: str, facts: Facts, link: str) -> Letter:
    """For an organiser: what to do today, in numbers and links; nobody's data."""
    told = _("Dit vraagt vandaag je aandacht.") if facts.counts else _("Er is vandaag niets te doen.")
    counts = [f"{label}: {count}." for label, count, _link in facts.counts]
    return compose(
        to,
        facts,
        _("Vandaag te doen"),
        [
            Paragraph(told),
            *([Tasks(facts.counts)] if facts.counts else []),
            *([Button(_("Naar je overzicht"), link)] if link else []),
        ],
        short=counts or [told],
        act=(_("Jouw overzicht"), link),
    )


@letter(later("klok die versprong"))
def clock_jumped(to: str, facts: Facts, link: str) -> Letter:
    """For an administrator: the clock of the server cannot be right, or it stood still; what waits, and what to do."""
    was, now = facts.clock
    told = _("De server werkte het laatst op %(was)s. Nu zegt zijn klok: %(now)s.", was=was, now=now)
    return compose(
        to,
        facts,
        _("De klok van de server versprong"),
        [
            Paragraph(told),
            Paragraph(_("Daarom wissen we nu niets en herinneren we niemand. Alles wacht. Er gaat niets verloren.")),
            Paragraph(
                _(
                    "Klopt de tijd, en stond de server stil? Zeg het op de pagina. Doe je niets? Dan gaat alles na een "
                    "dag vanzelf door."
                )
            ),
            Paragraph(
                _(
                    "Klopt de tijd niet? Laat de klok van de server vandaag goed zetten. Anders wissen we na een dag "
                    "gegevens die nog bewaard moeten blijven."
                )
            ),
            *([Button(_("Naar Bewaren en wissen"), link)] if link else []),
        ],
        short=[told],
        act=(_("Bewaren en wissen"), link),
    )


@letter(later("testbericht"))
def test(to: str, facts: Facts, link: str) -> Letter:
    """For an administrator: mail works."""
    told = _("Dit bericht is aangekomen. Het versturen werkt dus. Je hoeft niets te doen.")
    door = [Button(_("Naar de site"), link, quiet=True)] if link else []
    return compose(to, facts, _("Dit is een test"), [Paragraph(told), *door], short=[told], act=(_("De site"), link))
