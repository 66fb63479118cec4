"""The waiting list: who comes on it, who moves up when a place comes free, and how somebody stands."""

from web.services.waiting.settling import how_many, must_wait, places_left, settle
from web.services.waiting.standing import Standing, StandingKind, own_standing, standing_of, standings

__all__ = [
    "Standing",
    "StandingKind",
    "how_many",
    "must_wait",
    "own_standing",
    "places_left",
    "settle",
    "standing_of",
    "standings",
]
