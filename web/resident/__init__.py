"""The resident's room: sign up, and the personal page behind a secret link."""

from web.resident.routes import blueprint

__all__ = ["blueprint"]
