"""Bringing a database to the rows of this version: from nothing, or from any older version."""

from __future__ import annotations

from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate, upgrade

from web.errors import NewerDatabase
from web.rows.base import db

MIGRATIONS = Path(__file__).parent / "migrations"


def install(app: Flask, migrations: Path = MIGRATIONS) -> None:
    """Let Flask-Migrate know where the migrations are."""
    Migrate(app, db, directory=str(migrations))


def bring_up_to_date(app: Flask) -> None:
    """Upgrade an empty or an older database. Raises NewerDatabase for one that a later version made."""
    with app.app_context():
        known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
        with db.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
        if found is not None and found not in known:
            raise NewerDatabase(
                f"The database ({db.engine.url.render_as_string()}) was made by a newer version of re-bubbelen "
                f"(revision {found}). Install that version, or put back a backup; nothing was changed."
            )
        upgrade()
