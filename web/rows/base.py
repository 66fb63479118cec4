"""The ground under every row: typed columns, moments in UTC, sealed columns, and whose row it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, CursorResult, DateTime, Dialect, ForeignKey, MetaData, Result, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from web.crypto import Vault

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, so that a migration can change it on every database."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, stored without a zone because SQLite has none; a moment without a zone is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Words(TypeDecorator[str]):
    """A text that every database can hold, wherever it came in.

    PostgreSQL refuses NUL, and no database takes half a character. Both become the sign for what cannot be read, also
    in what is looked for: an address with a NUL in it is nobody's.
    """

    impl = String
    cache_ok = True
    cannot = re.compile("[\x00\ud800-\udfff]")

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return self.cannot.sub("\ufffd", value) if isinstance(value, str) else value


class Paragraphs(Words):
    """The same, of any length."""

    impl = Text
    cache_ok = True


class Sealed(TypeDecorator[Any]):
    """A JSON value that the database holds encrypted (promise 6), by the vault that `use_vault` names."""

    impl = Text
    cache_ok = True
    vault: ClassVar[Callable[[], Vault]]

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else type(self).vault().seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else type(self).vault().open(value)


def use_vault(source: Callable[[], Vault]) -> None:
    """Say where sealed columns find their vault. It is asked at every value: in one process may be several sites.

    The web names that of the running application; a script of one's own, that only reads rows, names one vault.
    """
    Sealed.vault = staticmethod(source)


class Base(DeclarativeBase):
    """What all rows share."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={str: Words, datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON},
    )

    id: Mapped[int] = mapped_column(primary_key=True)


class OfOrganisation:
    """A row of one organisation."""

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)


class OfProject(OfOrganisation):
    """A row of one project; the organisation is kept beside it, so that no fetch has to ask a second table."""

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)


def rowcount(result: Result[Any]) -> int:
    """How many rows an UPDATE or DELETE was about."""
    return int(cast("CursorResult[Any]", result).rowcount)


class Database(SQLAlchemy):
    """Flask-SQLAlchemy; its session, one for each application context, passes as what services ask for."""

    if TYPE_CHECKING:
        session: Session  # type: ignore[assignment]


db = Database(model_class=Base)
