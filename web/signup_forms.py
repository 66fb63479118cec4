"""The forms of a sign-up, made from the registry of its questions: screens, desk and a change afterwards alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from jinja2.utils import LRUCache
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    RadioField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from config import Settings
from config.dimensions import Dimension
from web.form_checks import (
    also_in,
    at_most,
    is_email,
    is_phone,
    lines,
    needed_for,
    number_field,
    one_line,
    several,
    takes_texts,
)
from web.formatting import words
from web.identity import addresses, phones
from web.languages import language
from web.rows import Series, Signup
from web.services.signups import CONSENT, CONSENTS, Answers, told_by
from web.signup_fields import BY_SCREEN, FIELDS, Kind, SignupField
from web.signup_fields.choices import to_choose

BUBBLES = "bubbles_"
"""What the names of fields begin with: one field per dimension."""
SURE = "sure_"
"""What the names of fields begin with that say: asked once already whether an answer may go unkept."""

FORMS = 256
"""So many are kept: five for every language of every series that somebody signs up for."""

Inputs = dict[str, Field]


class AnswerForm(FlaskForm):
    """A form with some or all of the answers; `answer_form` makes one for a series."""

    asked: tuple[SignupField, ...] = ()
    names: tuple[str, ...] = ()
    """Of the fields for what is `asked`."""
    agreed_before: frozenset[str] = frozenset()
    """The consents that stand: who takes one back knows what goes with it, and is not asked."""
    behind: frozenset[str] = frozenset()
    """Times that were chosen and that cannot be chosen any more: a change keeps them."""

    @property
    def bubble_fields(self) -> list[Field]:
        """One field per dimension."""
        return [field for field in self if field.name.startswith(BUBBLES)]

    @property
    def consent_fields(self) -> list[Field]:
        """One field per consent."""
        return [field for field in self if field.name.startswith(CONSENT)]

    @property
    def sure_fields(self) -> list[Field]:
        """Hidden ones: that a question about a consent was asked already."""
        return [field for field in self if field.name.startswith(SURE)]

    def unkept(self) -> list[SignupField]:
        """The questions that were answered here and whose answers need a consent that was not given."""
        silent = {key for one in self.asked if one.covers and not self[one.key].data for key in one.covers}
        return [one for one in self.asked if one.key in silent and any(field.data for field in self._fields_of(one))]

    def _fields_of(self, asked: SignupField) -> list[Field]:
        return self.bubble_fields if asked.kind is Kind.BUBBLES else [self[asked.key]]

    @property
    def ordinary_fields(self) -> list[Field]:
        """What no template lays out, but for consents: each is shown as its kind says."""
        ordinary = (asked for asked in self.asked if asked.page is None and asked.kind is not Kind.CONSENT)
        return [self[asked.key] for asked in ordinary]

    def parts(self, screen: int) -> list[tuple[str, list[tuple[Field, int]]]]:
        """What no template lays out of one screen: the title of a part that opens, or nothing, and its fields.

        Beside each field stands how many of its choices go beside each other.
        """
        here = [asked for asked in self.asked if asked.screen == screen and asked.page is None]
        parts = groupby(here, key=lambda asked: str(asked.fold))
        return [(fold, [(self[asked.key], asked.across) for asked in part]) for fold, part in parts]

    def reached(self) -> dict[str, Any]:
        """`reach`, `email`, `phone` and `via`, for a form that asks them in another way."""
        return {}


def answer_form(
    series: Series,
    settings: Settings,
    asked: Iterable[SignupField] = BY_SCREEN,
    *,
    now: datetime | None,
    stored: Mapping[str, Any] | None = None,
) -> type[AnswerForm]:
    """The form for a series, in the language of this request: what its project asks, and the times that are ahead.

    For a change `stored` is what `answers_of` gives; make the form with `data=stored`. A form without a `now` only
    shows what was told: every time, and also what is not asked any more.
    """
    asked = tuple(field for field in asked if now is None or field.asked_in(series, settings))
    if now is None:
        return _form_of(asked, frozenset(), series, settings, None)
    times = to_choose(series, now) if stored or any(field.kind is Kind.TIMES for field in asked) else {}
    behind = frozenset((stored or {}).get("sessions", ())).difference(times)
    # Of a series nothing else stands in its form: everybody who fills it in gets the same one.
    made, key = _made(), (id(settings), language(), asked, behind, tuple(times.items()))
    if (found := made.get(key)) is None:
        # The settings beside it: nothing else can have their id as long as they are here.
        found = made[key] = settings, _form_of(asked, behind, series, settings, now)
    return found[1]


def _made() -> MutableMapping[object, tuple[Settings, type[AnswerForm]]]:
    """What the running application made before, for its catalogues stand in it; to make one is dear."""
    kept: MutableMapping[object, tuple[Settings, type[AnswerForm]]]
    kept = current_app.extensions.setdefault("signup_forms", LRUCache(FORMS))
    return kept


def _form_of(
    asked: tuple[SignupField, ...], behind: frozenset[str], series: Series, settings: Settings, now: datetime | None
) -> type[AnswerForm]:
    inputs: Inputs = {}
    for field in asked:
        inputs |= inputs_of(field, series, settings, now, optional=bool(behind))
    return type("AnswerFields", (AnswerForm,), {"asked": asked, "names": tuple(inputs), "behind": behind, **inputs})


def inputs_of(
    asked: SignupField, series: Series, settings: Settings, now: datetime | None, *, optional: bool = False
) -> Inputs:
    """What a form asks for one question; its times are `optional` for who chose one that is behind us.

    A special dimension would need a consent of its own, so it is not asked.
    """
    if asked.covers:
        return {
            asked.key: BooleanField(str(asked.ask), [_ask_once], description=str(asked.hint)),
            SURE + asked.key: HiddenField(""),
        }
    if asked.kind is Kind.BUBBLES:
        return {BUBBLES + d.key: _bubbles(d) for d in settings.dimensions if not d.special}
    if asked.kind is Kind.TIMES and now is not None:
        return {asked.key: _times(asked, to_choose(series, now), optional)}
    return {asked.key: _input(asked, series, settings)}


def _times(asked: SignupField, ahead: Mapping[str, str], optional: bool) -> Field:
    needed = [InputRequired(str(asked.required))] if asked.required and not optional else []
    needed += [also_in(asked.within)] if asked.within else []
    return several(str(asked.ask), ahead, *needed, description=str(asked.hint))


def _input(asked: SignupField, series: Series, settings: Settings) -> Field:
    label, hint, required = str(asked.ask), str(asked.hint), str(asked.required)
    match asked.kind:
        case Kind.YES_NO | Kind.CONSENT:
            return BooleanField(label, description=hint)
        case Kind.CHOICES | Kind.TIMES:
            needed = [InputRequired(required)] if required else []
            needed += [also_in(asked.within)] if asked.within else []
            return several(label, asked.texts(series, settings), *needed, description=hint)
        case Kind.CHOICE:
            return _one_of(label, hint, asked.texts(series, settings), required)
        case Kind.NUMBER:
            needed = [InputRequired(required) if required else Optional()]
            return number_field(label, 0, asked.most(settings.limits), needed, description=hint)
    long = at_most(asked.most(settings.limits))
    needed = _needed(asked, required)
    match asked.kind:
        case Kind.LINES:
            return TextAreaField(label, [needed, long], filters=[lines], description=hint)
        case Kind.EMAIL:
            return EmailField(label, [needed, long, is_email], filters=[one_line], description=hint)
        case Kind.PHONE:
            return TelField(label, [needed, long, is_phone, takes_texts("reach")], filters=[one_line], description=hint)
    return StringField(label, [needed, long], filters=[one_line], description=hint)


def _ask_once(form: AnswerForm, field: Field) -> None:
    """Answers that would be thrown away for want of a yes are not thrown away at the first try."""
    covered = next(one.covers for one in form.asked if one.key == field.name)
    if field.data or form[SURE + field.name].data or field.name in form.agreed_before:
        return
    if any(one.key in covered for one in form.unkept()):
        form[SURE + field.name].data = "1"
        raise ValidationError(
            _(
                "Hier staan antwoorden, maar er staat geen vinkje bij. Zet het vinkje, of verstuur het nog een keer "
                "zonder: dan bewaren we die antwoorden niet."
            )
        )


def _needed(asked: SignupField, required: str) -> Any:
    if asked.ways:
        return needed_for("reach", *asked.ways, message=required)
    return DataRequired(required) if required else Optional()


def _one_of(label: str, hint: str, choices: Mapping[str, str], required: str = "") -> RadioField:
    """Radio buttons; where nothing is required one of them says nothing."""
    if required:
        return RadioField(
            label, [InputRequired(required)], choices=choices, invalid_choice_message=required, description=hint
        )
    return RadioField(
        label,
        choices={**choices, "": _("Dat zeg ik liever niet")},
        default="",
        invalid_choice_message=_("Dit antwoord is er niet meer. Kies een ander antwoord."),
        description=hint,
    )


def _bubbles(dimension: Dimension) -> Field:
    choices = {bubble.key: words(bubble.texts) for bubble in dimension.bubbles}
    label, reason = words(dimension.question), words(dimension.reason)
    return several(label, choices, description=reason) if dimension.several else _one_of(label, reason, choices)


def answers_from(form: AnswerForm, language: str = "nl", stored: Mapping[str, Any] | None = None) -> Answers:
    """What a valid form says; `language` is that of the letters.

    What the form does not ask comes from `stored`, as `answers_of` gives it.
    """
    said = {**(stored or {}), **form.data, **form.reached()}
    sessions = frozenset(int(id) for id in (*said["sessions"], *form.behind))
    gladly = {*(said["prefers"] or ()), *form.behind.intersection((stored or {}).get("prefers", ()))}
    told = {key.removeprefix(BUBBLES): value for key, value in said.items() if key.startswith(BUBBLES) and value}
    phone = phones.read(said["phone"]) if said["phone"] else None
    return Answers.of(
        {
            **{asked.key: asked.answer(said.get(asked.key)) for asked in FIELDS if asked.storage is None},
            "email": addresses.read(said["email"]) if said["email"] else None,
            "phone": phone.number if phone else None,
            "phone_note": phone.note if phone else "",
            "via": said["via"],
            "sessions": sessions,
            "prefers": sessions & {int(id) for id in gladly},
            "bubbles": {key: [value] if isinstance(value, str) else list(value) for key, value in told.items()},
            "consents": frozenset(kind for kind in CONSENTS if said.get(CONSENT + kind)),
            "language": language,
        }
    )


def agreed(stored: Mapping[str, Any]) -> frozenset[str]:
    """The names of the consents that stand in what is stored, as `answers_of` gives it."""
    return frozenset(asked.key for asked in FIELDS if asked.kind is Kind.CONSENT and stored.get(asked.key))


def thrown_away(form: AnswerForm, series: Series, settings: Settings, sent: Mapping[str, Any]) -> list[str]:
    """What was filled in and is not kept, in sentences: for want of a consent, or because nobody asks it any more."""
    without = [_("Niet bewaard, want daar is geen ja op gezegd: %(what)s", what=one.ask) for one in form.unkept()]
    gone = [one for one in FIELDS if not one.asked_in(series, settings) and sent.get(one.key)]
    return without + [_("Niet bewaard, want deze vraag is er niet meer: %(what)s", what=one.ask) for one in gone]


def answers_of(signup: Signup, settings: Settings) -> dict[str, Any]:
    """What is stored as `data` for a form, so that a change leaves everything else as it was."""
    told = told_by(signup)
    return {
        **{asked.key: told.get(asked.key) for asked in FIELDS if asked.storage is None},
        **{key: told.contact().get(key, "") for key in ("email", "via")},
        "phone": " ".join(filter(None, (told.phone, told.phone_note))),
        **{key: [str(id) for id in told.get(key)] for key in ("sessions", "prefers")},
        **{BUBBLES + d.key: _data(d, told.bubbles) for d in settings.dimensions},
        **{CONSENT + kind: kind in told.consents for kind in CONSENTS},
    }


def _data(dimension: Dimension, told: Mapping[str, list[str]]) -> list[str] | str:
    said = told.get(dimension.key, [])
    return said if dimension.several else next(iter(said), "")
