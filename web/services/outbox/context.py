"""What sending asks of the world."""

from __future__ import annotations

from dataclasses import dataclass

from config import Settings
from web.crypto import Vault
from web.services.outbox.event_facts import Links


@dataclass(frozen=True, slots=True)
class Worldly:
    """Where letters lead, who we are, and what seals."""

    settings: Settings
    links: Links
    vault: Vault
