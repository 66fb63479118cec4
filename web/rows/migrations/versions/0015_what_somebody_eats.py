"""What somebody eats, and what they are allergic to, for meetings with a meal."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("signup", schema=None) as batch_op:
        batch_op.add_column(sa.Column("diet", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("allergies", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("signup", schema=None) as batch_op:
        batch_op.drop_column("allergies")
        batch_op.drop_column("diet")
