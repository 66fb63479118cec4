"""The forms of venues, facilitators and key contacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, SelectField, StringField, TelField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from config import Settings
from web.form_checks import at_most, is_email, is_phone, lines, number_field, one_line, several
from web.formatting import words
from web.identity import addresses, phones
from web.rows import Facilitator, Project


def venue_form(settings: Settings) -> type[FlaskForm]:
    """The form of a place to meet."""
    access = {need.key: words(need.texts) for need in settings.needs if need.matching}
    return type(
        "VenueFields",
        (FlaskForm,),
        {
            "name": StringField(_("Naam"), [DataRequired(_("Vul een naam in.")), at_most(80)], filters=[one_line]),
            "address": StringField(_("Adres"), [Optional(), at_most(200)], filters=[one_line]),
            "access": several(_("Voor wie is deze plek geschikt?"), access),
            "note": TextAreaField(_("Nog iets om te weten?"), [Optional(), at_most(300)], filters=[lines]),
        },
    )


def venue_values(form: FlaskForm) -> dict[str, Any]:
    """What a valid form says, as columns."""
    said = form.data
    return {key: said[key] or "" for key in ("name", "address", "note")} | {"access": said["access"] or []}


def facilitator_form(settings: Settings) -> type[FlaskForm]:
    """The form of somebody who leads groups."""
    limits = settings.limits
    spoken = {language.code: language.name for language in settings.conversation}
    known = sorted({skill for format in settings.formats.values() for skill in format.format.skills})
    fields = {
        "name": StringField(
            _("Voornaam"), [DataRequired(_("Vul een voornaam in.")), at_most(limits.name_length)], filters=[one_line]
        ),
        "email": EmailField(
            _("E-mailadres"), [Optional(), at_most(limits.contact_length), is_email], filters=[one_line]
        ),
        "phone": TelField(
            _("Telefoonnummer"), [Optional(), at_most(limits.contact_length), is_phone], filters=[one_line]
        ),
        "languages": several(_("Talen"), spoken, InputRequired(_("Kies minstens één taal.")), default=["nl"]),
        "max_groups": number_field(
            _("Hoeveel groepen in totaal?"), 1, 50, [InputRequired(_("Vul een getal in."))], default=1
        ),
        "active": BooleanField(_("Doet nu mee"), default=True),
    }
    if known:
        fields["skills"] = several(_("Wat kan deze gespreksleider?"), {key: skill(key) for key in known})
    return type("FacilitatorFields", (FlaskForm,), fields)


def skill(key: str) -> str:
    """A skill that a format asks for, in words."""
    return {"dialogue": _("Getraind in dialoog")}.get(key, key)


def facilitator_values(form: FlaskForm) -> dict[str, Any]:
    """What a valid form says, as columns."""
    said = form.data
    phone = phones.read(said["phone"]) if said["phone"] else None
    contact = {
        "email": addresses.read(said["email"]) if said["email"] else "",
        "phone": phone.number if phone else "",
        "phone_note": phone.note if phone else "",
    }
    return {
        "name": said["name"],
        "contact": {key: value for key, value in contact.items() if value} or None,
        "languages": said["languages"],
        "skills": said.get("skills") or [],
        "max_groups": said["max_groups"],
        "active": said["active"],
    }


def facilitator_data(row: Facilitator) -> dict[str, Any]:
    """A facilitator as `data` for the form."""
    contact = row.contact or {}
    columns = ("name", "languages", "skills", "max_groups", "active")
    phone = " ".join(filter(None, (contact.get("phone"), contact.get("phone_note"))))
    return {key: getattr(row, key) for key in columns} | {"email": contact.get("email", ""), "phone": phone}


def contact_form(settings: Settings, projects: Sequence[Project]) -> type[FlaskForm]:
    """The form of a key contact."""
    named = [DataRequired(_("Vul een naam in.")), at_most(settings.limits.name_length)]
    gone = _("Kies een project.")
    choices = {project.id: project.name for project in projects}
    return type(
        "ContactFields",
        (FlaskForm,),
        {
            "name": StringField(_("Voornaam"), named, filters=[one_line]),
            "project": SelectField(_("Project"), coerce=int, choices=choices, invalid_choice_message=gone),
        },
    )
