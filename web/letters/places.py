"""Letters about a place at a table: it is there, it changed, it is gone, it comes free, it is soon."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext

from web.letters import parts
from web.letters.blocks import Block, Button, Link, Paragraph
from web.letters.facts import Facts, Letter, Meeting
from web.letters.kinds import Method, letter
from web.letters.writing import compose

_SHOWN = ("when", "place", "group")
"""What is told of a date that is no longer so."""


@letter(later("uitnodiging"), method=Method.REQUEST)
def placed(to: str, facts: Facts, link: str) -> Letter:
    """A place at a table: when and where."""
    return compose(
        to,
        facts,
        _("Je hebt een plek"),
        [Paragraph(_("Fijn dat je meedoet. Je komt op:")), *parts.cards(facts.meetings), *_doors(facts, link)],
        day=parts.day(facts.meetings),
        foot=parts.foot(facts, link),
        short=[*parts.said(facts.meetings), parts.call(facts)],
        act=parts.act(facts, link),
    )


@letter(later("er is iets veranderd"), method=Method.REQUEST)
def changed(to: str, facts: Facts, link: str) -> Letter:
    """Another time, place or table than was said before: what it is now, and what it was."""
    differences = _differences(facts)
    told = " ".join(differences) or _("Kijk goed: dit is het nu.")
    stays = len(facts.meetings) == len(facts.before) == 1 and _same_moment(facts.meetings[0], facts.before[0])
    asked = [Paragraph(_("Je hoeft niets te doen.")), *parts.agenda(facts)] if stays else _doors(facts, link)
    return compose(
        to,
        facts,
        _("Er is iets veranderd"),
        [Paragraph(told), *parts.cards(facts.meetings), *parts.over(_other(facts), _("Dit geldt niet meer:")), *asked],
        day=parts.day(facts.meetings),
        foot=parts.foot(facts, link),
        short=[*parts.said(facts.meetings), told, parts.call(facts)],
        act=parts.act(facts, link),
    )


@letter(later("een datum of plek vervalt"), method=Method.CANCEL, to_who_left=True)
def cancelled(to: str, facts: Facts, link: str) -> Letter:
    """A date is no longer theirs: because it was called off, or they lost it, or left, or are at another one."""
    news, told, label, after = _ending(facts.reason, len(facts.before))
    return compose(
        to,
        facts,
        news,
        [Paragraph(told), *parts.over(facts, label), *map(Paragraph, after)],
        day=parts.day(facts.before),
        foot=parts.foot(facts, link),
        short=[*parts.said(facts.before), told, parts.call(facts)],
    )


@letter(later("nog geen plek"))
def waiting(to: str, facts: Facts, link: str) -> Letter:
    """No place this time, and what that means (P29)."""
    told = _("Er is nu geen plek voor je. Dat spijt ons.")
    waits = parts.waits()
    again = Paragraph(_("Lukt het nu niet? Dan ga jij voor als je de volgende keer weer meedoet."))
    return compose(
        to,
        facts,
        _("Nog geen plek"),
        [Paragraph(told), waits, again, *parts.own_page(facts, link)],
        foot=parts.foot(facts, link),
        short=[told, waits.said, parts.call(facts)],
        act=parts.page(link),
    )


@letter(later("een plek die vrijkwam"))
def offer(to: str, facts: Facts, link: str) -> Letter:
    """A place came free, for as long as the offer stands; nobody is placed unasked."""
    until = _("Zeg het uiterlijk %(deadline)s.", deadline=facts.deadline) if facts.deadline else ""
    asked = " ".join(part for part in (_("Wil je komen?"), until) if part)
    # Nobody sits anywhere before they said yes.
    dates = tuple(replace(meeting, group="") for meeting in facts.meetings)
    silent = _("Zeg je nee, of horen we niets? Dan vragen we iemand anders. Jij blijft op de wachtlijst.")
    return compose(
        to,
        facts,
        _("Er is een plek vrij"),
        [
            Paragraph(_("Er kwam een plek vrij. Die is voor jou als je wilt.")),
            *parts.cards(dates),
            Paragraph(asked, strong=True),
            *([Button(_("Zeg ja of nee"), link)] if link else []),
            Paragraph(_("De plek is pas van jou als je ja zegt.")),
            Paragraph(silent),
        ],
        day=parts.day(facts.meetings),
        foot=parts.foot(facts, link or facts.lost),
        short=[*parts.said(facts.meetings), asked, parts.call(facts)],
        act=(_("Zeg ja of nee"), link),
    )


@letter(later("een vrije plek is weer weg"))
def taken_back(to: str, facts: Facts, link: str) -> Letter:
    """A place that was offered is no more, before somebody said yes or no."""
    told = _("We vroegen of je wilde komen. Die plek is er nu niet meer. Dat spijt ons.")
    again = _("Je hoeft niets te doen. Komt er weer een plek vrij, dan hoor je dat van ons.")
    return compose(
        to,
        facts,
        _("Deze plek is weer weg"),
        [Paragraph(told), Paragraph(again), *parts.own_page(facts, link)],
        foot=parts.foot(facts, link),
        short=[told, again, parts.call(facts)],
        act=parts.page(link),
    )


@letter(later("herinnering, een week ervoor"), reminder=True)
def reminder_week(to: str, facts: Facts, link: str) -> Letter:
    """A week before."""
    return _reminder(to, facts, link, _("Binnenkort"), _("Het duurt niet lang meer. Denk je eraan?"))


@letter(later("herinnering, een dag ervoor"), reminder=True)
def reminder_day(to: str, facts: Facts, link: str) -> Letter:
    """The day before."""
    return _reminder(to, facts, link, _("Tot snel"), _("Het is bijna zover. We zien je graag."))


def _reminder(to: str, facts: Facts, link: str, news: str, told: str) -> Letter:
    stop = [Link(_("Geen herinneringen meer"), facts.unsubscribe)] if facts.unsubscribe else []
    return compose(
        to,
        facts,
        news,
        [Paragraph(told), *parts.cards(facts.meetings), *_not_coming(facts)],
        day=parts.day(facts.meetings),
        foot=[*parts.foot(facts, link), *stop],
        short=[*parts.said(facts.meetings), parts.call(facts)],
        act=(_("Kom je niet? Zeg het hier"), facts.answer),
    )


def _not_coming(facts: Facts) -> list[Block]:
    if not facts.answer:
        return [parts.cannot_come()]
    sorry = Paragraph(_("Kun je toch niet komen? Zeg het dan nu. Dan kan iemand anders komen."))
    return [sorry, Button(_("Ik kom niet"), facts.answer, quiet=True), *parts.agenda(facts)]


def _doors(facts: Facts, link: str) -> list[Block]:
    return [*parts.answering(facts), *parts.own_page(facts, link)]


def _differences(facts: Facts) -> list[str]:
    """What is otherwise, if one date took the place of one."""
    if not len(facts.meetings) == len(facts.before) == 1:
        return []
    now, was = facts.meetings[0], facts.before[0]
    found = (
        (now.day != was.day, _("De dag is anders.")),
        (now.day == was.day and now.time != was.time, _("De tijd is anders.")),
        (now.place != was.place, _("De plek is anders.")),
        (now.link != was.link and bool(now.link), _("De link om mee te doen is anders.")),
        (now.group != was.group, _("Je zit aan een andere tafel.")),
        (now.language != was.language, _("De taal aan tafel is anders.")),
    )
    return [sentence for differs, sentence in found if differs]


def _other(facts: Facts) -> Facts:
    """Of one date that took the place of one only what is otherwise: a place that is struck through looks wrong."""
    if not len(facts.meetings) == len(facts.before) == 1:
        return facts
    now, was = facts.meetings[0], facts.before[0]
    left = {key: "" if getattr(was, key) == getattr(now, key) else getattr(was, key) for key in _SHOWN}
    return replace(facts, before=(replace(was, **left),) if any(left.values()) else ())


def _same_moment(now: Meeting, was: Meeting) -> bool:
    """Whether an answer that was given still stands."""
    return (now.when, now.place, now.link) == (was.when, was.place, was.link)


def _ending(reason: str, dates: int) -> tuple[str, str, str, list[str]]:
    """Of so many dates: news, explanation, what the dates are, and what more there is to say."""
    gone = _("Staat het in je agenda? Haal het daar dan weg.")
    no_more = ngettext("Je komt niet meer op deze datum", "Je komt niet meer op deze data", dates)
    if reason == "called_off":
        sorry = _("De ontmoeting gaat niet door. Dat spijt ons.")
        return _("Gaat niet door"), sorry, _("Dit gaat niet door:"), [_("Je hoeft niet te komen."), gone]
    if reason == "left":
        thanks = _("Je bent afgemeld. Je hoeft niet meer te komen.")
        return _("Je bent afgemeld"), thanks, _("Je komt niet op:"), [_("Was dit een vergissing? Laat het ons weten.")]
    if reason == "moved":
        other = _("Je komt op een andere datum. Daarover krijg je een apart bericht.")
        return no_more, other, _("Je komt niet meer op:"), [gone]
    if reason == "fewer":
        other = ngettext(
            "We hebben de tafels anders ingedeeld. Je komt niet meer op deze datum. Je andere data blijven staan.",
            "We hebben de tafels anders ingedeeld. Je komt niet meer op deze data. Je andere data blijven staan.",
            dates,
        )
        return no_more, other, _("Je komt niet meer op:"), [gone]
    if reason == "released":
        other = _("Deze plek past niet meer bij je antwoorden, of je vroeg iets anders. Daarom gaven we hem vrij.")
        return _("Je plek vervalt"), other, _("Je komt niet meer op:"), [parts.waits().said, gone]
    sorry = _("We hebben de tafels anders ingedeeld. Er is nu geen plek meer voor je. Dat spijt ons.")
    return _("Je plek vervalt"), sorry, _("Je komt niet meer op:"), [parts.waits().said, gone]
