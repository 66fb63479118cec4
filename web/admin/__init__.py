"""The administrator's room: accounts and the audit log."""

from web.admin.routes import blueprint

__all__ = ["blueprint"]
