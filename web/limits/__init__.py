"""Loose limits per address: a library shares one, so they stop machines and no people (promise 18)."""

from __future__ import annotations

from collections.abc import Callable

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from web import world

limiter = Limiter(get_remote_address, in_memory_fallback_enabled=True)
"""Rooms hang their limits on this: `@limiter.limit(per_hour("signups_per_address_per_hour"), methods=["POST"])`."""


def per_hour(name: str, times: int = 1) -> Callable[[], str]:
    """The limit of the settings with this name, so many times; asked for at every request."""
    return lambda: f"{getattr(world.settings().limits, name) * times}/hour"
