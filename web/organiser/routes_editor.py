"""Routes of the groups editor."""

from __future__ import annotations

from web.organiser.routes import blueprint

__all__ = ["blueprint"]
