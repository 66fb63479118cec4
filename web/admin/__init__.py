"""The administrator's room: accounts, projects, the audit log, and what is kept until when."""

from web.admin import routes_log, routes_projects, routes_staff  # noqa: F401  (they hang their routes on the blueprint)
from web.admin.routes import blueprint

__all__ = ["blueprint"]
