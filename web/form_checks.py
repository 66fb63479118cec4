"""Cleaning and checking of what people type, with sentences that say what to do, for the forms of every room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, Form, IntegerField, SelectMultipleField
from wtforms.validators import Length, NumberRange, ValidationError

from web.identity import addresses, phones, text
from web.identity.faults import NoContact

Check = Callable[[Form, Field], None]


def one_line(typed: str | None) -> str:
    """What somebody typed, clean and on one line; empty for what nobody can see."""
    return text.one_line(typed)


def lines(typed: str | None) -> str:
    """What somebody typed, clean; line breaks stay."""
    return text.plain(typed)


def at_most(length: int) -> Length:
    """No longer than this."""
    return Length(max=length, message=_("Dit is te lang. Gebruik hooguit %(max)d letters of tekens.", max=length))


def needed_for(field: str, *values: str, message: str) -> Check:
    """Required only when another field has one of these values."""

    def check(form: Form, own: Field) -> None:
        if not own.data and form[field].data in values:
            raise ValidationError(message)

    return check


def also_in(other: str) -> Check:
    """Nothing that was not chosen in another field as well; an empty one complains by itself."""

    def check(form: Form, own: Field) -> None:
        chosen = form[other].data if other in form else ()
        if chosen and not set(own.data or ()) <= set(chosen):
            raise ValidationError(_("Kies hier alleen tijden die je ook hierboven koos."))

    return check


def is_email(form: Form, field: Field) -> None:
    """An address that we can mail, if there is one."""
    if field.data:
        _understood(addresses.read, field.data)


def is_phone(form: Form, field: Field) -> None:
    """A number that somebody can have, if there is one."""
    if field.data:
        _understood(phones.read, field.data)


def is_any_phone(form: Form, field: Field) -> None:
    """The same for who is called by many: that may be an 0800 number, and nothing else stands beside it."""
    if field.data:
        _understood(phones.read_bare, field.data)


def takes_texts(reach: str) -> Check:
    """A number that text messages can go to, if that is how the field `reach` says it should be."""

    def check(form: Form, own: Field) -> None:
        if own.data and form[reach].data == "text":
            _understood(phones.read_for_texts, own.data)

    return check


def _understood(read: Callable[[str], object], typed: str) -> None:
    try:
        read(typed)
    except NoContact as fault:
        raise ValidationError(_(fault.sentence)) from None


def several(label: str, choices: Mapping[str, str], *validators: Any, **more: Any) -> SelectMultipleField:
    """Tick boxes: value -> text. Never with WTForms' Optional: after an empty value it lets any other pass."""
    gone = _("Een van je antwoorden bestaat niet meer. Kies opnieuw.")
    return SelectMultipleField(label, validators, choices=dict(choices), invalid_choice_message=gone, **more)


def number_field(label: str, low: int, high: int, validators: list[Any], **more: Any) -> IntegerField:
    """A whole number between two others."""
    message = _("Vul een getal in van %(low)d tot en met %(high)d.", low=low, high=high)
    return IntegerField(label, [*validators, NumberRange(low, high, message)], invalid_value_message=message, **more)


def row_number(typed: str) -> int:
    """The number of a row as a form sends it; 0, which no row has, for anything else."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0
