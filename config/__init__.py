"""What an organisation decides: settings, dimensions and formats from TOML, and secrets from the environment."""

from __future__ import annotations

from config.dimensions import Bubble, Dimension
from config.folder import load
from config.keys import BadSecrets, Secrets, secrets
from config.meetings import MeetingFormat
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
from config.texts import Texts, unwelcome

__all__ = [
    "BadSecrets",
    "Bubble",
    "Dimension",
    "FacilitatorLink",
    "Interest",
    "Language",
    "Limits",
    "MeetingFormat",
    "Need",
    "Orientation",
    "Retention",
    "Secrets",
    "Sender",
    "Settings",
    "Texts",
    "load",
    "secrets",
    "unwelcome",
]
