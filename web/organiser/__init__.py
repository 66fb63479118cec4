"""The organiser's room: meetings, the desk, import, the groups editor."""

from web.organiser import (  # noqa: F401  (they hang their routes on the blueprint)
    routes_desk,
    routes_editor,
    routes_figures,
    routes_import,
    routes_meetings,
)
from web.organiser.routes import blueprint

__all__ = ["blueprint"]
