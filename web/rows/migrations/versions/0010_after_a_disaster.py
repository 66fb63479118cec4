"""Which keys seal something, and who was erased since a backup."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("mark", name=op.f("uq_erasure_mark")),
    )
    op.create_table(
        "key_in_use",
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_in_use")),
        sa.UniqueConstraint("tag", name=op.f("uq_key_in_use_tag")),
    )


def downgrade() -> None:
    op.drop_table("key_in_use")
    op.drop_table("erasure")
