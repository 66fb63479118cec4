"""Letters for after the meetings: thanks, that somebody was missed, and what was done with it."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from web.letters import parts
from web.letters.blocks import Block, Button, Dates, Link, Paragraph, Quote, plain
from web.letters.facts import Facts, Letter
from web.letters.kinds import letter
from web.letters.writing import compose, cut


@letter(later("bedankt voor het komen"))
def thanks(to: str, facts: Facts, link: str) -> Letter:
    """After the meeting: how was it? Answers are counted without names (P23)."""
    dates: list[Block] = [Dates(_("Het gaat over:"), facts.meetings)] if facts.meetings else []
    return compose(
        to,
        facts,
        _("Hoe was het?"),
        [
            Paragraph(_("Dank je wel voor het meedoen. We horen graag hoe het was.")),
            *dates,
            *_how(facts),
            *([] if facts.there else [Paragraph(_("Was je er niet bij? Dan hoef je niets te doen."))]),
        ],
        day=parts.day(facts.meetings),
        foot=parts.foot(facts, link),
        short=[_("Dank je wel voor het meedoen."), parts.call(facts)],
        act=(_("Vertel hoe het was"), facts.how),
    )


@letter(later("we misten je"))
def missed(to: str, facts: Facts, link: str) -> Letter:
    """Once, to who was not there: no question and no reproach, and a way to hear no such thing again."""
    dates: list[Block] = [Dates(_("Het gaat over:"), facts.meetings)] if facts.meetings else []
    stop = [Link(_("Stuur me dit niet meer"), facts.unsubscribe)] if facts.unsubscribe else []
    return compose(
        to,
        facts,
        _("We misten je"),
        [
            Paragraph(_("Je was er deze keer niet bij. Dat geeft niet: er kan altijd iets tussen komen.")),
            *dates,
            Paragraph(_("Je hoeft niets te doen en je hoeft niet te zeggen waarom. Je blijft welkom.")),
            Paragraph(_("Was je er wel? Of kun je niet meer komen? Laat het ons weten.")),
        ],
        day=parts.day(facts.meetings),
        foot=[*parts.foot(facts, link), *stop],
        short=[_("We misten je. Dat geeft niet, je blijft welkom."), parts.call(facts)],
    )


@letter(later("wat we ermee deden"))
def series_closed(to: str, facts: Facts, link: str) -> Letter:
    """The end of a series: what was done with it, in the organiser's own words (P24)."""
    told = _("Je had je aangemeld. Daarom vertellen we je wat we ermee deden.")
    story: list[Block] = [Paragraph(told), Quote(facts.story)] if plain(facts.story) else []
    return compose(
        to,
        facts,
        _("Wat deden we ermee?") if story else _("Dit was de laatste keer"),
        [*story, Paragraph(_("Dank je wel voor je aanmelding."))],
        foot=parts.foot(facts, link),
        short=[cut(plain(facts.story), 180), _("Dank je wel voor je aanmelding."), parts.call(facts)],
    )


def _how(facts: Facts) -> list[Block]:
    if not facts.how:
        return [Paragraph(_("Vertel het ons als je wilt."))]
    anonymous = _("Je kiest één gezichtje. Meer hoeft niet. Wij zien niet wie wat kiest.")
    return [Paragraph(anonymous), Button(_("Vertel hoe het was"), facts.how)]
