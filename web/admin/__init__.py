"""The administrator's room: accounts, projects, the post, the audit log, and what is kept until when."""

from web.admin import (  # noqa: F401  (they hang their routes on the blueprint)
    routes_log,
    routes_mail,
    routes_privacy,
    routes_projects,
    routes_staff,
    routes_style,
)
from web.admin.routes import blueprint

__all__ = ["blueprint"]
