"""Who was there on a date is written down."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("signup_id", sa.Integer(), nullable=True),
        sa.Column("walk_in", sa.String(), nullable=True),
        sa.Column("walk_in_name", sa.Text(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("presence", sa.String(), nullable=False),
        sa.Column("device_entry", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_attendance_{column}_{table}"), ondelete="CASCADE"
            )
            for column, table in (
                ("series_id", "series"),
                ("gathering_id", "gathering"),
                ("signup_id", "signup"),
                ("project_id", "project"),
                ("organisation_id", "organisation"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("device_entry", name=op.f("uq_attendance_device_entry")),
    )
    for column in ("organisation_id", "project_id", "series_id", "gathering_id", "signup_id"):
        op.create_index(op.f(f"ix_attendance_{column}"), "attendance", [column])


def downgrade() -> None:
    op.drop_table("attendance")
