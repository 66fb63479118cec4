"""Whose a letter is, in the words of the outbox."""

from __future__ import annotations

from web.rows import DueLetter


def owner(letter: DueLetter) -> str:
    """Whose letter it is, as the outbox names it."""
    if letter.signup_id:
        return owner_of(letter.signup_id)
    if letter.facilitator_id:
        return f"facilitator-{letter.facilitator_id}"
    return f"staff-{letter.staff_id}" if letter.staff_id else f"letter-{letter.id}"


def owner_of(signup_id: int) -> str:
    """The name of a resident in the outbox."""
    return f"signup-{signup_id}"
