"""What an organisation decides: settings, dimensions and formats from TOML, and secrets from the environment."""

from __future__ import annotations

from config.dimensions import Bubble, Dimension
from config.folder import load
from config.keys import BadSecrets, Secrets, secrets
from config.meetings import MeetingFormat
from config.messages import Inbox, MailServer, Offers, Reminders, TextMessages
from config.settings import (
    Interest,
    Language,
    Limits,
    LinkHours,
    Need,
    OrientationLimits,
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
    "Inbox",
    "Interest",
    "Language",
    "Limits",
    "LinkHours",
    "MailServer",
    "MeetingFormat",
    "Need",
    "Offers",
    "OrientationLimits",
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
