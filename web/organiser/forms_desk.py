"""The form of the phone and paper desk: the same answers, with one box for how to reach somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import phonenumbers
from flask_babel import gettext as _
from wtforms import BooleanField, Field, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from config import Settings
from web.form_checks import at_most, is_email, is_phone, one_line
from web.rows import Series, Signup
from web.rows.organisation import Block
from web.services.text import contacts
from web.signup_fields import BY_SCREEN, FIELDS, Absent
from web.signup_forms import AnswerForm, Inputs, answer_form, answers_of, inputs_of

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
            _("Hoe sturen we het bericht?"), choices=ways, default="", invalid_choice_message=_("Kies een van deze.")
        ),
    }


def _reaches(form: DeskForm, field: Field) -> None:
    if not field.data and not form["via_me"].data and form["how"].data != "letter":
        raise ValidationError(_("Vul een e-mailadres of telefoonnummer in. Of kies: via mij."))
    (is_email if "@" in field.data else is_phone)(form, field)


def desk_inputs(series: Series, settings: Settings) -> Inputs:
    """What the desk knows itself; without paper there is one way to come in, and no question."""
    gone = _("Kies een van deze.")
    names = {code: settings.language(code).name for code in settings.languages}
    ways = {"phone": _("Telefoon of gesprek"), "paper": _("Papier")}
    channel = RadioField(_("Hoe kwam dit binnen?"), choices=ways, default="phone", invalid_choice_message=gone)
    return {
        **({"channel": channel} if series.project.has(Block.PAPER) else {}),
        "language": RadioField(
            _("In welke taal schrijven we?"), choices=names, default="nl", invalid_choice_message=gone
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
    known = phonenumbers.parse(contacts.phone(number) or "")
    return "text" if phonenumbers.number_type(known) == phonenumbers.PhoneNumberType.MOBILE else "call"


def desk_form(series: Series, settings: Settings, me: str, now: datetime) -> type[DeskForm]:
    """The form of the desk; `me` is who passes messages on."""
    asked = [one for one in FIELDS if one.asked_in(series.project) and not isinstance(one.desk, Absent)]
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
    return answer_form(signup.series, settings, asked, now=now, stored=stored)(data=stored)
