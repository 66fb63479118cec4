"""Staff accounts: who may work for which organisation, with password, one-time codes and passkeys (Flask-Security)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from flask_security import AsaList, RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import Column, ForeignKey, LargeBinary, Table
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from web.rows.base import Base, OfOrganisation, Words
from web.rows.logins import StaffLogin
from web.rows.organisation import Organisation, Project, project_staff

# Flask-Security leaves this open; it keeps nothing that a statement depends on.
AsaList.cache_ok = True

staff_role = Table(
    "staff_role",
    Base.metadata,
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class RoleName(StrEnum):
    """What somebody of the staff may do."""

    ORGANISER = "organiser"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


ROLES = (RoleName.ORGANISER, RoleName.COORDINATOR, RoleName.ADMIN)


class Role(RoleMixin, Base):
    """What somebody may do within the own organisation."""

    __tablename__ = "role"

    name: Mapped[str] = mapped_column(Words(80), unique=True)
    description: Mapped[str | None] = mapped_column(Words(255))
    permissions: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))


class Staff(OfOrganisation, UserMixin, Base):
    """An organiser, a coordinator of facilitators or an administrator.

    `left_at` is the first night that found the account shut: a year later nothing but its number is left, so that the
    log goes on meaning the same account.
    """

    if TYPE_CHECKING:
        id: Mapped[int]

    __tablename__ = "staff"

    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(Words(255), unique=True)
    password: Mapped[str | None] = mapped_column(Words(255))
    active: Mapped[bool] = mapped_column(default=True)
    left_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(default="nl")
    digest: Mapped[bool] = mapped_column(default=True)  # a letter in the morning when there is something to do
    fs_uniquifier: Mapped[str] = mapped_column(Words(64), unique=True)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(  # type: ignore[assignment]  # none before a passkey
        Words(64), unique=True
    )
    confirmed_at: Mapped[datetime | None]
    tf_primary_method: Mapped[str | None] = mapped_column(Words(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(Words(255))
    tf_last_counter: Mapped[int | None]
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))

    organisation: Mapped[Organisation] = relationship()
    projects: Mapped[list[Project]] = relationship(secondary=project_staff, order_by=Project.name)
    roles: Mapped[list[Role]] = relationship(secondary=staff_role)  # type: ignore[assignment]
    webauthn: Mapped[list[WebAuthn]] = relationship(  # type: ignore[assignment]
        back_populates="staff", cascade="all, delete-orphan"
    )
    logins: Mapped[list[StaffLogin]] = relationship(cascade="all, delete-orphan", passive_deletes=True)


class WebAuthn(WebAuthnMixin, Base):
    """A passkey."""

    __tablename__ = "web_authn"

    user_id: Mapped[str] = mapped_column(ForeignKey("staff.fs_webauthn_user_handle", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True, index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(Words(64))
    extensions: Mapped[str | None] = mapped_column(Words(255))
    create_datetime: Mapped[datetime]
    lastuse_datetime: Mapped[datetime]
    name: Mapped[str] = mapped_column(Words(64))
    usage: Mapped[str] = mapped_column(Words(64))

    staff: Mapped[Staff] = relationship(back_populates="webauthn")

    def get_user_mapping(self) -> dict[str, str]:
        """How Flask-Security finds the account of a passkey."""
        return {"fs_webauthn_user_handle": self.user_id}
