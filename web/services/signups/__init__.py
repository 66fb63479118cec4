"""Signing up, changing, leaving, coming back: what somebody decides about their own sign-up."""

from web.services.signing_up.answers import CONSENT_VERSION, CONSENTS, Answers
from web.services.signing_up.arriving import NotOpen, Signed, create, sign_up, take_numbers
from web.services.signing_up.deciding import change, come_back, leave, refill
from web.services.signing_up.links import link_letter
from web.services.signing_up.waiting import full, waiting_place

__all__ = [
    "CONSENTS",
    "CONSENT_VERSION",
    "Answers",
    "NotOpen",
    "Signed",
    "change",
    "come_back",
    "create",
    "full",
    "leave",
    "link_letter",
    "refill",
    "sign_up",
    "take_numbers",
    "waiting_place",
]
