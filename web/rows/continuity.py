"""What has to be known after a disaster: which keys seal something here, and who was erased since a backup."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from web.rows.base import Base


class KeyInUse(Base):
    """A key that this database was sealed with, by its tag; `until` is when nothing was left under it."""

    __tablename__ = "key_in_use"

    tag: Mapped[str] = mapped_column(unique=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Erasure(Base):
    """That somebody had all about them erased: a keyed hash of a random number, which only a backup still has."""

    __tablename__ = "erasure"

    mark: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
