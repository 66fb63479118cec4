"""The organiser's room: meetings, the desk, import, the groups editor."""

from web.organiser.routes import blueprint

__all__ = ["blueprint"]
