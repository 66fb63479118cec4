"""Erasing a series of thousands looks up who had each of them as buddy: by an index, and not in every row."""

from alembic import op

revision = "0013"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_signup_buddy_id"), "signup", ["buddy_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_signup_buddy_id"), table_name="signup")
