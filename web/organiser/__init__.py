"""The organiser's room: meetings, the desk, import, the groups editor."""

from web.organiser import (  # noqa: F401  (they hang their routes on the blueprint)
    routes_calendars,
    routes_calls,
    routes_dates,
    routes_desk,
    routes_directory,
    routes_doors,
    routes_editor,
    routes_figures,
    routes_finishing,
    routes_import,
    routes_meetings,
    routes_messages,
    routes_mixing,
    routes_morning,
    routes_papers,
    routes_proposals,
    routes_publishing,
    routes_replies,
    routes_sent,
    routes_sessions,
    routes_signups,
    routes_turnout,
)
from web.organiser.routes import blueprint

__all__ = ["blueprint"]
