"""What a request may ask of the running application: its clock, its settings, its vault, its log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import current_app

from config import Settings
from web.crypto import Vault

ZONE = ZoneInfo("Europe/Amsterdam")
CLOCK, SETTINGS, SECRETS, VAULT = "clock", "settings", "secrets", "vault"
"""Where the running application keeps them, among its extensions."""

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of a real server."""
    return datetime.now(UTC)


def now() -> datetime:
    """The moment of this request, in UTC, by the application's clock."""
    moment: datetime = current_app.extensions[CLOCK]()
    return moment


def settings() -> Settings:
    """The settings this application runs with."""
    found: Settings = current_app.extensions[SETTINGS]
    return found


def vault() -> Vault:
    """The vault that seals personal data."""
    found: Vault = current_app.extensions[VAULT]
    return found


def local(moment: datetime) -> datetime:
    """A moment on the wall clock of the neighbourhood."""
    return moment.astimezone(ZONE)


def is_demo() -> bool:
    """Whether everybody here is invented."""
    return bool(current_app.config["DEMO"])
