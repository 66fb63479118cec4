"""The form of the phone and paper desk: the same answers, with one box for how to reach somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Field, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from config import Settings
from web.form_checks import at_most, is_email, is_phone, one_line, takes_texts
from web.identity import phones
from web.rows import Series, Signup
from web.rows.organisation import Block
from web.signup_fields import BY_SCREEN, FIELDS, Absent
from web.signup_forms import AnswerForm, Inputs, agreed, answer_form, answers_of, inputs_of

CHANNELS = ("phone", "paper")


def contact_inputs(series: Series, settings: Settings) -> Inputs:
    """One box for an address or a number, and 'via me'."""
    ways = {"": _("Kies zelf"), "text": _("Sms"), "call": _("Bellen"), "letter": _("Brief om op te halen")}
    return {
        "contact": StringField(
            _("E-mailadres of telefoonnummer"), [_reaches, at_most(settings.limits.contact_length)], filters=[one_line]
        ),
        "via_me": BooleanField(_("Via mij: ik geef het bericht zelf door.")),
        "how": RadioField(
            _("Hoe sturen we het bericht?"),
            [_fits],
            choices=ways,
            default="",
            invalid_choice_message=_("Kies een van deze."),
        ),
    }


def _reaches(form: DeskForm, field: Field) -> None:
    if not field.data and not form["via_me"].data and form["how"].data != "letter":
        raise ValidationError(_("Vul een e-mailadres of telefoonnummer in. Of kies: via mij."))
    (is_email if "@" in field.data else is_phone)(form, field)
    if "@" not in field.data and not form["via_me"].data:
        takes_texts("how")(form, field)


def _fits(form: DeskForm, field: Field) -> None:
    """What cannot be meant together is asked; otherwise one of the two would be left out without a word."""
    if field.data and form["via_me"].data:
        raise ValidationError(_("Je koos ook: via mij. Kies een van de twee."))
    if field.data in ("text", "call") and "@" in (form["contact"].data or ""):
        raise ValidationError(_("Hierboven staat een e-mailadres. Vul een telefoonnummer in, of kies: Kies zelf."))


def _speaks(form: DeskForm, field: Field) -> None:
    """Who is written to in another language hardly wants the Dutch table of who chose nothing."""
    if field.data != "nl" and not form["languages"].data:
        raise ValidationError(_("Kies ook welke talen deze persoon spreekt. Anders wordt het een Nederlandse tafel."))


def desk_inputs(series: Series, settings: Settings) -> Inputs:
    """What the desk knows itself; without paper there is one way to come in, and no question."""
    gone = _("Kies een van deze.")
    names = {code: settings.language(code).name for code in settings.languages}
    ways = {"phone": _("Telefoon of gesprek"), "paper": _("Papier")}
    channel = RadioField(_("Hoe kwam dit binnen?"), choices=ways, default="phone", invalid_choice_message=gone)
    return {
        **({"channel": channel} if series.project.has(Block.PAPER) else {}),
        "language": RadioField(
            _("In welke taal schrijven we?"), [_speaks], choices=names, default="nl", invalid_choice_message=gone
        ),
        "once": HiddenField(validators=[InputRequired(_("Laad deze pagina opnieuw.")), Length(max=64)]),
    }


IN_OWN_WORDS: Mapping[str, Callable[[Series, Settings], Inputs]] = {"reach": contact_inputs, "language": desk_inputs}
"""What the desk asks instead of a question; every way to be reached goes in the one box."""


class DeskForm(AnswerForm):
    """A sign-up by somebody else; `desk_form` makes the class."""

    me: str = ""

    @property
    def came_by(self) -> str:
        """How it came in."""
        said: str = self.data.get("channel", CHANNELS[0])
        return said

    def reached(self) -> dict[str, Any]:
        """From the one box: an address, a number, or neither."""
        said = self.data
        told = said["contact"]
        found = {"email": told if "@" in told else "", "phone": "" if "@" in told else told, "via": ""}
        if said["via_me"] or said["how"] == "letter":
            return {**found, "via": self.me, "reach": "via" if said["via_me"] else "letter"}
        return {**found, "reach": "email" if found["email"] else said["how"] or _way(told)}


def _way(number: str) -> str:
    """A text to a mobile phone; a call to any other."""
    return "text" if phones.read(number).texts else "call"


def desk_form(series: Series, settings: Settings, me: str, now: datetime) -> type[DeskForm]:
    """The form of the desk; `me` is who passes messages on."""
    asked = [one for one in FIELDS if one.asked_in(series, settings) and not isinstance(one.desk, Absent)]
    inputs: Inputs = {}
    # Fields stand in a form in the order in which they are made.
    for one in asked:
        if one.desk is None:
            inputs |= inputs_of(one, series, settings, now)
        elif one.key in IN_OWN_WORDS:
            inputs |= IN_OWN_WORDS[one.key](series, settings)
    ordinary = tuple(one for one in asked if one.desk is None)
    return type("DeskFields", (DeskForm,), {"me": me, "asked": ordinary, **inputs})


def change_form(signup: Signup, settings: Settings, now: datetime) -> AnswerForm:
    """A change on behalf of somebody; bubbles only where the project lets an organiser see them (promise 10)."""
    project, stored = signup.series.project, answers_of(signup, settings)
    asked = (one for one in BY_SCREEN if project.sees_bubbles or not one.private)
    form: AnswerForm = answer_form(signup.series, settings, asked, now=now, stored=stored)(data=stored)
    form.agreed_before = agreed(stored)
    return form
