"""The questions of the sign-up: one registry that screens, desk, import, paper, export and storage read."""

from web.signup_fields.registry import BY_SCREEN, FIELDS, LAST, LATER, NEEDED, NO_ANSWERS, facts_in, on_screen
from web.signup_fields.shape import (
    Absent,
    Choice,
    Elsewhere,
    Fact,
    Heading,
    Kind,
    PaperLine,
    SignupField,
    Text,
)

__all__ = [
    "BY_SCREEN",
    "FIELDS",
    "LAST",
    "LATER",
    "NEEDED",
    "NO_ANSWERS",
    "Absent",
    "Choice",
    "Elsewhere",
    "Fact",
    "Heading",
    "Kind",
    "PaperLine",
    "SignupField",
    "Text",
    "facts_in",
    "on_screen",
]
