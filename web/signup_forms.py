"""What a sign-up asks, field by field, for the resident's own screens, the desk and a change afterwards alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    RadioField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Optional

from config import Settings
from config.dimensions import Dimension
from web.form_checks import at_most, is_email, is_phone, lines, needed_for, one_line, several
from web.formatting import when, words
from web.rows import Series, Signup, TimeSlot
from web.rows.organisation import BUDDIES, INTERESTS
from web.services.plans.problem import bubbles_of
from web.services.signups import CONSENTS, Answers
from web.services.text import contacts

BUBBLES, CONSENT = "bubbles_", "consent_"
"""What the names of fields begin with: one field per dimension, one per consent."""

Fields = dict[str, Field]
Part = Callable[[Series, Settings], Fields]


class AnswerForm(FlaskForm):
    """A form with some or all of the answers; `answer_form` makes one for a series."""

    @property
    def bubble_fields(self) -> list[Field]:
        """One field per dimension."""
        return [field for field in self if field.name.startswith(BUBBLES)]

    @property
    def consent_fields(self) -> list[Field]:
        """One field per consent."""
        return [field for field in self if field.name.startswith(CONSENT)]

    def reached(self) -> dict[str, Any]:
        """`reach`, `email`, `phone` and `via`, for a form that asks them in another way."""
        return {}


def answer_form(series: Series, settings: Settings, *parts: Part, switched_off: bool = False) -> type[AnswerForm]:
    """The form for a series, in the language of this request; with all answers, or only those of some `parts`.

    Make it with `data=answers_of(...)` for a change; every part is a function of this module. What its project has
    `switched_off` is asked only to show what was told before.
    """
    fields: Fields = {}
    for part in parts or PARTS:
        if switched_off or part not in BLOCK_OF or series.project.has(BLOCK_OF[part]):
            fields |= part(series, settings)
    return type("AnswerFields", (AnswerForm,), fields)


def time_fields(series: Series, settings: Settings) -> Fields:
    """When somebody can come, and when gladly."""
    choices = {str(session.id): called(session, series) for session in series.sessions if not session.called_off}
    return {
        "sessions": several(
            _("Wanneer kun je?"),
            choices,
            InputRequired(_("Kies minstens één tijd waarop je kunt komen.")),
            description=_("Kies alles wat past. Hoe meer je kiest, hoe groter de kans op een plek."),
        ),
        "prefers": several(_("Welke tijd heb je het liefst?"), choices),
    }


def called(session: TimeSlot, series: Series) -> str:
    """A session as one can choose it: the dates, and the place where there are several."""
    places = {other.venue_id for other in series.sessions}
    if session.mode == "online":
        return _("%(when)s, online", when=when(session))
    return f"{when(session)}, {session.venue.name}" if session.venue and len(places) > 1 else when(session)


def name_fields(series: Series, settings: Settings) -> Fields:
    """A first name; nothing more."""
    return {
        "name": StringField(
            _("Voornaam"),
            [DataRequired(_("Vul een voornaam in.")), at_most(settings.limits.name_length)],
            filters=[one_line],
            description=_("Deze naam staat op de lijst van je tafel. Je achternaam hebben we niet nodig."),
        )
    }


def reach_fields(series: Series, settings: Settings) -> Fields:
    """One way to be reached."""
    long = at_most(settings.limits.contact_length)
    address = _("Vul een e-mailadres in. Bijvoorbeeld: naam@voorbeeld.nl")
    number = _("Vul een telefoonnummer in. Bijvoorbeeld: 06 12345678")
    return {
        "reach": RadioField(
            _("Hoe kunnen we je bereiken?"),
            [InputRequired(_("Kies hoe we je kunnen bereiken."))],
            choices=ways(),
            invalid_choice_message=_("Kies hoe we je kunnen bereiken."),
            description=_("Kies één manier. Daar krijg je je uitnodiging."),
        ),
        "email": EmailField(
            _("E-mailadres"),
            [needed_for("reach", "email", message=address), long, is_email],
            filters=[one_line],
        ),
        "phone": TelField(
            _("Telefoonnummer"),
            [needed_for("reach", "text", "call", message=number), long, is_phone],
            filters=[one_line],
        ),
        "via": StringField(
            _("Bij wie of via wie?"),
            [needed_for("reach", "letter", "via", message=_("Vul in bij wie of via wie je bericht krijgt.")), long],
            filters=[one_line],
            description=_("Bijvoorbeeld: de balie van het buurthuis, of de naam van je buurtwerker."),
        ),
    }


def ways() -> dict[str, str]:
    """The ways to reach somebody, as the resident says it."""
    return {
        "email": _("Met een e-mail"),
        "text": _("Met een sms"),
        "call": _("Bel mij"),
        "letter": _("Met een brief die ik ophaal"),
        "via": _("Via iemand anders"),
    }


def need_fields(series: Series, settings: Settings) -> Fields:
    """What somebody needs to take part; none of it is required."""
    spoken = {spoken.code: spoken.name for spoken in settings.conversation}
    needs = {need.key: words(need.texts) for need in settings.needs}
    note = at_most(settings.limits.note_length)
    hint = _("Schrijf hier niets over je gezondheid of je geloof.")
    return {
        "languages": several(
            _("Welke talen spreek je?"), spoken, description=_("Kies je niets? Dan praat je Nederlands.")
        ),
        "needs": several(_("Wat heb je nodig om mee te doen?"), needs),
        "note": TextAreaField(_("Heb je nog iets nodig?"), [Optional(), note], filters=[lines], description=hint),
    }


def buddy_fields(series: Series, settings: Settings) -> Fields:
    """Whom somebody comes with."""
    return {
        "buddy": StringField(
            _("Wil je samen met iemand aan tafel?"),
            [Optional(), at_most(settings.limits.name_length)],
            filters=[one_line],
            description=_("Vul de code van die ander in. Heeft die nog geen code? Vul dan de voornaam in."),
        ),
    }


def interest_fields(series: Series, settings: Settings) -> Fields:
    """What somebody likes to do."""
    likes = {interest.key: words(interest.texts) for interest in settings.interests}
    return {"interests": several(_("Wat doe je graag?"), likes)}


def bubble_fields(series: Series, settings: Settings) -> Fields:
    """Bubbles. A special dimension would need a consent of its own, so none is asked here."""
    return {BUBBLES + d.key: _bubbles(d) for d in settings.dimensions if not d.special}


def _bubbles(dimension: Dimension) -> Field:
    choices = {bubble.key: words(bubble.texts) for bubble in dimension.bubbles}
    label, reason = words(dimension.question), words(dimension.reason)
    if dimension.several:
        return several(label, choices, description=reason)
    return RadioField(
        label,
        choices={**choices, "": _("Dat zeg ik liever niet")},
        default="",
        invalid_choice_message=_("Dit antwoord is er niet meer. Kies een ander antwoord."),
        description=reason,
    )


def consent_fields(series: Series, settings: Settings) -> Fields:
    """Separate, and off by default (promise 5)."""
    return {
        f"{CONSENT}bubbles": BooleanField(
            _("Ja, jullie mogen mijn antwoorden gebruiken om de tafels te mengen."),
            description=_("Wil je dit niet? Dan bewaren we die antwoorden niet. Je kunt ook gewoon meedoen."),
        ),
        f"{CONSENT}next_time": BooleanField(
            _("Ja, jullie mogen mij vragen voor een volgende keer."),
            description=_("Wil je dit niet? Dan hoor je na de laatste keer niets meer van ons."),
        ),
    }


PARTS: tuple[Part, ...] = (
    time_fields,
    name_fields,
    reach_fields,
    need_fields,
    buddy_fields,
    interest_fields,
    bubble_fields,
    consent_fields,
)
BLOCK_OF: Mapping[Part, str] = {buddy_fields: BUDDIES, interest_fields: INTERESTS}
"""Which building block a part belongs to; every other part is always asked."""


def answers_from(form: AnswerForm, language: str = "nl", stored: Mapping[str, Any] | None = None) -> Answers:
    """What a valid form says; `language` is that of the letters.

    What the form does not ask comes from `stored`, as `answers_of` gives it.
    """
    said = {**(stored or {}), **form.data, **form.reached()}
    sessions = frozenset(int(id) for id in said["sessions"])
    told = {key.removeprefix(BUBBLES): value for key, value in said.items() if key.startswith(BUBBLES) and value}
    return Answers(
        name=said["name"],
        reach=said["reach"],
        email=contacts.email(said["email"]) if said["email"] else None,
        phone=contacts.phone(said["phone"]) if said["phone"] else None,
        via=said["via"],
        sessions=sessions,
        prefers=sessions & {int(id) for id in said["prefers"] or ()},
        languages=tuple(said["languages"] or ("nl",)),
        needs=tuple(said["needs"] or ()),
        note=said["note"],
        interests=tuple(said.get("interests") or ()),
        bubbles={key: [value] if isinstance(value, str) else list(value) for key, value in told.items()},
        buddy=said.get("buddy") or "",
        consents=frozenset(kind for kind in CONSENTS if said[CONSENT + kind]),
        language=language,
    )


def answers_of(signup: Signup, settings: Settings) -> dict[str, Any]:
    """What is stored, as `data` for a form that changes it."""
    contact = signup.contact or {}
    given = {consent.kind: consent.given for consent in sorted(signup.consents, key=lambda c: (c.at, c.id))}
    told = bubbles_of(signup)
    return {
        "sessions": [str(a.session_id) for a in signup.availability],
        "prefers": [str(a.session_id) for a in signup.availability if a.prefers],
        "name": signup.name,
        "reach": signup.reach,
        **{key: contact.get(key, "") for key in ("email", "phone", "via")},
        "languages": signup.languages,
        "needs": signup.needs,
        "note": signup.note or "",
        "buddy": signup.buddy or "",
        "interests": signup.interests,
        **{BUBBLES + d.key: _data(d, told) for d in settings.dimensions},
        **{CONSENT + kind: given.get(kind, False) for kind in CONSENTS},
    }


def _data(dimension: Dimension, told: Mapping[str, list[str]]) -> list[str] | str:
    said = told.get(dimension.key, [])
    return said if dimension.several else next(iter(said), "")
