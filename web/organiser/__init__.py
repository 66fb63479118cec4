"""The organiser's room: meetings, the desk, import, the groups editor."""

from web.organiser import (  # noqa: F401  (they hang their routes on the blueprint)
    routes_desk,
    routes_directory,
    routes_editor,
    routes_figures,
    routes_import,
    routes_meetings,
    routes_mixing,
    routes_papers,
    routes_proposals,
    routes_publishing,
    routes_sessions,
    routes_signups,
)
from web.organiser.routes import blueprint

__all__ = ["blueprint"]
