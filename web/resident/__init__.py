"""The resident's room: sign up, the personal page behind a secret link, and the pages of invitations and offers."""

from web.resident import (
    routes_impressions,
    routes_invitation,
    routes_joining,
    routes_lost,
    routes_offer,
    routes_own,
)
from web.resident.routes import blueprint

__all__ = [
    "blueprint",
    "routes_impressions",
    "routes_invitation",
    "routes_joining",
    "routes_lost",
    "routes_offer",
    "routes_own",
]
