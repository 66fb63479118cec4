"""The resident's room: sign up, and the personal page behind a secret link."""

from web.resident import routes_joining, routes_lost, routes_own
from web.resident.routes import blueprint

__all__ = ["blueprint", "routes_joining", "routes_lost", "routes_own"]
