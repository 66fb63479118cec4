"""From a series to what its paper form asks, in the language of the moment."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from config import Settings
from web import announcing
from web.announcing import standing
from web.formatting import words
from web.printing import ConsentLine, PaperForm, Question
from web.rows import Series, Venue
from web.rows.organisation import Block
from web.services.signups import CONSENT_VERSION
from web.signup_fields import FIELDS, Kind, PaperLine, SignupField
from web.signup_fields.choices import called


def _venues(series: Series, now: datetime) -> list[Venue]:
    return list(dict.fromkeys(session.venue for session in standing(series, now) if session.venue))


def form_of(series: Series, settings: Settings, now: datetime) -> PaperForm:
    """What the paper form asks: the same as the web."""
    venues, project = _venues(series, now), series.project
    weeks = settings.retention.contact_weeks
    asked = [one for one in FIELDS if one.asked_in(series, settings)]
    return PaperForm(
        title=series.title,
        code=series.slug,
        times=tuple(called(session, series, session.coming(now)) for session in standing(series, now)),
        hand_in=venues[0].name if venues else project.organisation.name,
        privacy=_(
            "We gebruiken dit alleen om groepen te maken. Je gegevens wissen we %(weeks)d weken na de laatste keer. "
            "Wil je ze eerder weg? Bel ons.",
            weeks=weeks,
        ),
        url=announcing.address(series),
        intro=series.intro,
        languages=tuple(spoken.name for spoken in settings.conversation),
        needs=tuple(words(need.texts) for need in settings.needs),
        meal=settings.serves_meal(series.format),
        diets=tuple(words(diet.texts) for diet in settings.diets),
        buddy=project.has(Block.BUDDIES),
        questions=tuple(line for one in asked for line in _questions(one, series, settings)),
        consents=tuple(ConsentLine(str(one.ask), str(one.hint)) for one in asked if one.kind is Kind.CONSENT),
        version=CONSENT_VERSION,
        contact=project.contact_name,
        phone=project.contact_phone,
        sender=project.organisation.name,
    )


def _questions(asked: SignupField, series: Series, settings: Settings) -> list[Question]:
    """The lines of a question that has no place of its own on paper."""
    if asked.kind is Kind.BUBBLES:
        return [
            Question(words(d.question), words(d.reason), tuple(words(b.texts) for b in d.bubbles), d.several)
            for d in settings.dimensions
            if not d.special
        ]
    if not isinstance(asked.paper, PaperLine):
        return []
    yes_no = (_("ja"), _("nee")) if asked.kind is Kind.YES_NO else ()
    answers = yes_no or tuple(asked.texts(series, settings).values())
    return [Question(str(asked.ask), str(asked.paper.reason), answers, asked.kind is Kind.CHOICES)]
