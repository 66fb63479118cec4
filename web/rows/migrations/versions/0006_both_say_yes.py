"""Who was named as buddy says yes or no, and letters that strangers cause are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter_count",
        sa.Column("reached_hash", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_count")),
        sa.UniqueConstraint("reached_hash", "about", name=op.f("uq_letter_count_reached_hash_about")),
    )
    op.create_index(op.f("ix_letter_count_day"), "letter_count", ["day"], unique=False)

    # No row means that nothing was said: whom only one of two named is asked from now on.
    op.create_table(
        "pair_wish",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("signup_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["other_id"], ["signup.id"], name=op.f("fk_pair_wish_other_id_signup"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_pair_wish_series_id_series"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["signup_id"], ["signup.id"], name=op.f("fk_pair_wish_signup_id_signup"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_wish")),
        sa.UniqueConstraint("signup_id", "other_id", name=op.f("uq_pair_wish_signup_id_other_id")),
    )
    op.create_index(op.f("ix_pair_wish_other_id"), "pair_wish", ["other_id"], unique=False)
    op.create_index(op.f("ix_pair_wish_series_id"), "pair_wish", ["series_id"], unique=False)
    op.create_index(op.f("ix_signup_buddy_id"), "signup", ["buddy_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_signup_buddy_id"), table_name="signup")
    op.drop_table("pair_wish")
    op.drop_table("letter_count")
