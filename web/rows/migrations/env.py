"""How Alembic reaches the rows: on the connection of the running application, in batches because of SQLite."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app

import web.rows.base
from web.rows.schema_change import schema_change

PREPARE = "prepare"
"""Among the attributes of the configuration: what has to be done first, in the same transaction."""

database = current_app.extensions["migrate"].db


def render(kind: str, item: Any, api: Any) -> str | Literal[False]:
    """Our own column types by what they are in the database, so that an old migration never needs today's code."""
    if kind == "type" and isinstance(item, web.rows.base.Moment):
        return "sa.DateTime()"
    if kind == "type" and isinstance(item, web.rows.base.Sealed):
        return "sa.Text()"
    if kind == "type" and isinstance(item, web.rows.base.Paragraphs):
        return "sa.Text()"
    if kind == "type" and isinstance(item, web.rows.base.Words):
        length = getattr(item, "length", None)
        return f"sa.String(length={length})" if length else "sa.String()"
    if kind == "type" and type(item).__module__.startswith("flask_security"):
        return "sa.UnicodeText()"
    return False


# Alembic sees that a transaction is open, and leaves its end to us.
with schema_change(database.engine) as connection:
    if prepare := context.config.attributes.get(PREPARE):
        prepare(connection)
    context.configure(
        connection=connection, target_metadata=database.metadata, render_item=render, render_as_batch=True
    )
    with context.begin_transaction():
        context.run_migrations()
