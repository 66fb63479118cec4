"""The one field of the facilitator's door."""

from __future__ import annotations

from unicodedata import decimal

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Regexp

from web.services.facilitators.access import PIN_DIGITS

LONGEST = 40


def digits(text: str | None) -> str:
    """What was typed as digits: '123 456' and '١٢٣٤٥٦' are the same PIN; other marks stay and are refused."""
    shown = (text or "")[:LONGEST]
    return "".join(str(decimal(c, c)) for c in shown if not c.isspace())


class PinForm(FlaskForm):
    """The PIN; one that cannot be right costs no try."""

    pin = StringField(
        _l("Pincode"),
        filters=[digits],
        validators=[Regexp(rf"^[0-9]{{{PIN_DIGITS}}}\Z", message=_l("Vul de 6 cijfers van je pincode in."))],
    )
