"""The personal link of a sign-up, and the letter that brings it."""

from __future__ import annotations

from datetime import datetime

from web.crypto import Vault
from web.rows import DueLetter, Signup


def secret_of(vault: Vault, once: str) -> str:
    """From what only this form knows, so that a double submit shows the same link."""
    return vault.fingerprint("secret", once)[:32]


def link_letter(signup: Signup, kind: str, about: str, secret: str, now: datetime) -> DueLetter:
    """A letter that brings somebody their personal link."""
    return DueLetter(
        organisation_id=signup.organisation_id,
        project_id=signup.project_id,
        series_id=signup.series_id,
        signup_id=signup.id,
        key=f"{kind}:{about}",
        kind=kind,
        channel=signup.reached_by,
        content={"secret": secret},
        due_at=now,
    )
