"""The four screens of a sign-up, the change of everything at once, and the form for a lost link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, StringField
from wtforms.validators import DataRequired, ValidationError

from config import Settings
from web.form_checks import at_most, is_email, is_phone, one_line
from web.resident.draft import Draft
from web.rows import Series
from web.signup_fields import BY_SCREEN, LAST, LATER, NEEDED, on_screen
from web.signup_forms import AnswerForm, agreed, answer_form, inputs_of

FASTEST = 3
"""Seconds; nobody reads four screens in less, and nobody reads a warning in less."""
TRAP = "laat_leeg"
"""A field that people do not see and machines fill in. By this name no program that fills in passwords knows it."""
IGNORED = {"data-1p-ignore": "", "data-bwignore": "", "data-lpignore": "true", "data-form-type": "other"}
"""By which 1Password, Bitwarden, LastPass and Dashlane leave a field alone."""


def screen(number: int, series: Series, settings: Settings, sent: MultiDict[str, str], now: datetime) -> AnswerForm:
    """One screen, with what was typed on it; on the last one is a field that people do not see and machines fill in."""
    form = answer_form(series, settings, on_screen(number), now=now)
    return (_with_trap(form) if number == LAST else form)(formdata=relevant(sent))


def _with_trap(form: type[AnswerForm]) -> type[AnswerForm]:
    return type("LastScreen", (form,), {TRAP: StringField(_("Laat dit veld leeg"), render_kw=IGNORED)})


def begun_with(draft: Draft, settings: Settings, language: str) -> MultiDict[str, str]:
    """What was told so far; who has not chosen a language to talk in yet speaks the `language` of the page."""
    answers = draft.answers()
    if "languages" not in draft.told and any(language == spoken.code for spoken in settings.conversation):
        answers.add("languages", language)
    return answers


def names_on(number: int, series: Series, settings: Settings, now: datetime) -> tuple[str, ...]:
    """What one screen tells, by the names of its fields."""
    return answer_form(series, settings, on_screen(number), now=now).names


def whole(series: Series, settings: Settings, sent: MultiDict[str, str], now: datetime) -> AnswerForm:
    """All answers of all screens together."""
    return answer_form(series, settings, now=now)(formdata=relevant(sent))


def change_form(
    series: Series, settings: Settings, sent: MultiDict[str, str] | None, stored: Any, now: datetime
) -> AnswerForm:
    """All answers on one page, filled in with what is `stored` until something is `sent`."""
    form = answer_form(series, settings, (*BY_SCREEN, *on_screen(LATER)), now=now, stored=stored)
    # Not both: what is absent from what was sent would count as it is stored.
    filled: AnswerForm = form(formdata=relevant(sent)) if sent is not None else form(formdata=None, data=stored)
    filled.agreed_before = agreed(stored)
    return filled


def told_form(series: Series, settings: Settings, stored: Any) -> AnswerForm:
    """Everything that is `stored`, also what is not asked any more: whose it is may see all of it (promise 14).

    A question that this series never asked, and that nobody answered, is not there.
    """
    asked = (one for one in BY_SCREEN if one.asked_in(series, settings) or not one.meal or stored.get(one.key))
    form = answer_form(series, settings, asked, now=None)
    return form(formdata=None, data=stored)


def relevant(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """Without the ways to be reached that were not chosen: we keep one, and complain about no other."""
    if "reach" not in sent:
        return sent
    needed = NEEDED.get(sent["reach"])
    return MultiDict((k, v) for k, v in sent.items(multi=True) if k not in NEEDED.values() or needed in (None, k))


def screen_of(form: AnswerForm, series: Series, settings: Settings, now: datetime) -> int:
    """The first screen with an error on it."""
    wrong = {field.name for field in form if field.errors}
    return next((asked.screen for asked in BY_SCREEN if wrong & inputs_of(asked, series, settings, now).keys()), LAST)


def suspect(sent: Mapping[str, str], draft: Draft, now: datetime) -> str:
    """Why this may be no person who filled it in: what to do, in a sentence; empty if it may be one (promise 18).

    Who was warned and then takes the time of a person is one, whatever a program fills in again.
    """
    if draft.warned and now.timestamp() - draft.warned >= FASTEST:
        return ""
    if sent.get(TRAP):
        return _(
            "Er stond iets in een veld dat leeg moet blijven. Soms vult een programma voor wachtwoorden dat in. "
            "Wacht even en druk dan nog een keer op ‘Meld me aan’."
        )
    if now.timestamp() - draft.started < FASTEST:
        return _("Dat ging heel snel. Kijk je antwoorden rustig na en druk nog een keer op ‘Meld me aan’.")
    return ""


def empty_trap(form: AnswerForm) -> None:
    """What a machine filled in is not shown to the person who may have sent it."""
    form[TRAP].raw_data, form[TRAP].data = None, ""


def lost_form(settings: Settings) -> FlaskForm:
    """Where to send a new link."""
    needed = DataRequired(_("Vul je e-mailadres of telefoonnummer in."))
    field = StringField(
        _("Je e-mailadres of telefoonnummer"),
        [needed, at_most(settings.limits.contact_length), _reachable],
        filters=[one_line],
        description=_("Vul in wat je ook bij je aanmelding hebt ingevuld."),
    )
    form: FlaskForm = type("Lost", (FlaskForm,), {"reach": field})()
    return form


def _reachable(form: FlaskForm, field: Field) -> None:
    if not any(c.isdigit() or c == "@" for c in field.data or ""):
        right = _("Vul een heel e-mailadres of telefoonnummer in. Bijvoorbeeld: naam@voorbeeld.nl of 06 12345678")
        raise ValidationError(right)
    (is_email if "@" in field.data else is_phone)(form, field)
