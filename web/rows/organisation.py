"""Organisations (tenants), their projects in a district, and the venues they use."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, LargeBinary, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from web.rows.base import Base, OfOrganisation, Paragraphs, Sealed


class ProjectState(StrEnum):
    """How far a project is: it begins small, until an evaluation is written (P10)."""

    ORIENTATION = "orientation"
    RUNNING = "running"


class Block(StrEnum):
    """The building blocks, each a switch of a project (P5)."""

    KEY_CONTACTS = "key_contacts"
    INTERESTS = "interests"
    BUDDIES = "buddies"
    PAPER = "paper"


BLOCKS = (Block.KEY_CONTACTS, Block.INTERESTS, Block.BUDDIES, Block.PAPER)
"""The building blocks, each a switch of a project (P5)."""

project_staff = Table(
    "project_staff",
    Base.metadata,
    Column("project_id", ForeignKey("project.id", ondelete="CASCADE"), primary_key=True),
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
)


class Organisation(Base):
    """A municipality or welfare organisation; nothing of one is visible to another.

    `controller`, `legal_ground`, `privacy_officer` and `processors` (one on a line) are what its privacy page has to
    say (GDPR art. 13): who is responsible and where, on what ground, whom to ask, and who else keeps the data for it.
    `import_headings` are the columns of its lists that somebody explained: the name, folded, and the key of a question.
    """

    __tablename__ = "organisation"

    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    demo: Mapped[bool] = mapped_column(default=False)
    controller: Mapped[str] = mapped_column(Paragraphs, default="", server_default="")
    legal_ground: Mapped[str] = mapped_column(Paragraphs, default="", server_default="")
    privacy_officer: Mapped[str] = mapped_column(Paragraphs, default="", server_default="")
    processors: Mapped[str] = mapped_column(Paragraphs, default="", server_default="")
    import_headings: Mapped[Any | None] = mapped_column(Sealed)


class HouseStyle(OfOrganisation, Base):
    """How the pages of an organisation look: `colour` as #rrggbb or empty, `logo` a PNG, `picture` a JPEG.

    A table of its own: an organisation is read on every page, its pictures on hardly any. `version` is part of their
    addresses, so that browsers may keep them.
    """

    __tablename__ = "house_style"
    __table_args__ = (UniqueConstraint("organisation_id"),)

    colour: Mapped[str] = mapped_column(default="")
    logo: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    picture: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    version: Mapped[str] = mapped_column(default="")
    has_logo: Mapped[bool] = mapped_column(default=False)
    has_picture: Mapped[bool] = mapped_column(default=False)

    organisation: Mapped[Organisation] = relationship()


class Project(OfOrganisation, Base):
    """The work in one district. `blocks` are the building blocks that are switched on (P5)."""

    __tablename__ = "project"
    __table_args__ = (UniqueConstraint("organisation_id", "slug"),)

    name: Mapped[str]
    slug: Mapped[str]
    district: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=ProjectState.ORIENTATION)
    evaluation: Mapped[str] = mapped_column(Paragraphs, default="")
    blocks: Mapped[list[Any]] = mapped_column(default=lambda: list(BLOCKS))
    contact_name: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(default="")
    sees_bubbles: Mapped[bool] = mapped_column(default=False)  # may the organiser see somebody's bubbles (promise 10)

    organisation: Mapped[Organisation] = relationship()

    def has(self, block: str) -> bool:
        """Whether a building block is switched on; the one place that decides."""
        return block in self.blocks


class Venue(OfOrganisation, Base):
    """A place to meet. `access` holds the practical needs that it meets."""

    __tablename__ = "venue"

    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    access: Mapped[list[Any]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"), index=True)
