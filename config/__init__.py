"""What an organisation decides: settings, dimensions and formats from TOML, and secrets from the environment."""

from __future__ import annotations

from config.dimensions import Bubble, Dimension
from config.folder import load
from config.keys import BadSecrets, Secrets, secrets
from config.meetings import MeetingFormat
from config.messages import Inbox, Mail, Offers, Reminders, TextMessages
from config.settings import (
    FacilitatorLink,
    Interest,
    Language,
    Limits,
    Need,
    Orientation,
    Retention,
    Sender,
    Settings,
)
from config.spotting import unwelcome
from config.texts import Texts

__all__ = [
    "BadSecrets",
    "Bubble",
    "Dimension",
    "FacilitatorLink",
    "Inbox",
    "Interest",
    "Language",
    "Limits",
    "Mail",
    "MeetingFormat",
    "Need",
    "Offers",
    "Orientation",
    "Reminders",
    "Retention",
    "Secrets",
    "Sender",
    "Settings",
    "TextMessages",
    "Texts",
    "load",
    "secrets",
    "unwelcome",
]
