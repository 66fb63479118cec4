"""Loose limits per address: a library shares one, so they stop a machine and nobody else (promise 18)."""

from __future__ import annotations

from flask import current_app
from flask_limiter.util import get_remote_address
from limits import RateLimitItemPerHour

from web.errors import Mishap


class TooMany(Mishap):
    """Too much from one address within the hour."""

    status = 429
    sentence = (
        "Er kwamen vandaag heel veel formulieren van dit adres. Wacht even en probeer het over een uur nog een keer."
    )


def count(what: str, per_hour: int) -> None:
    """Count one more of `what` from this address. Raises TooMany."""
    for limiter in current_app.extensions["limiter"]:
        item = RateLimitItemPerHour(per_hour, namespace=what)
        if limiter.enabled and not limiter.limiter.hit(item, get_remote_address()):
            raise TooMany
