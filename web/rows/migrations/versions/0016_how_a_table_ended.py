"""Who leads a table says how it ended."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "table_end",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=True),
        sa.Column("mood", sa.String(), nullable=False),
        sa.Column("call_me", sa.Boolean(), nullable=False),
        sa.Column("called_at", sa.DateTime(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_table_end_{column}_{table}"), ondelete="CASCADE"
            )
            for column, table in (
                ("series_id", "series"),
                ("gathering_id", "gathering"),
                ("project_id", "project"),
                ("organisation_id", "organisation"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_end")),
        sa.UniqueConstraint("gathering_id", "number", name=op.f("uq_table_end_gathering_id_number")),
    )
    for column in ("organisation_id", "project_id", "series_id", "gathering_id"):
        op.create_index(op.f(f"ix_table_end_{column}"), "table_end", [column])


def downgrade() -> None:
    op.drop_table("table_end")
