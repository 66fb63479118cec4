"""Signing up, changing, leaving, coming back: what somebody decides about their own sign-up."""

from web.services.signups.answers import CONSENT, CONSENT_VERSION, CONSENTS, Answers, told_by
from web.services.signups.change import change, come_back, leave, refill
from web.services.signups.register import (
    NotOpen,
    Signed,
    create,
    form_number,
    key_contact,
    sign_up,
    take_numbers,
    was_sent,
)

__all__ = [
    "CONSENT",
    "CONSENTS",
    "CONSENT_VERSION",
    "Answers",
    "NotOpen",
    "Signed",
    "change",
    "come_back",
    "create",
    "form_number",
    "key_contact",
    "leave",
    "refill",
    "sign_up",
    "take_numbers",
    "told_by",
    "was_sent",
]
