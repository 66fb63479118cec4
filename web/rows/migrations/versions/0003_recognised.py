"""how somebody is recognised, and a link that was asked for"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("signup", schema=None) as batch_op:
        batch_op.add_column(sa.Column("next_secret_hash", sa.String(), nullable=True))
        # The hashes of the rows that are there have the first form; the site makes them anew when it starts.
        batch_op.add_column(sa.Column("hashed_as", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_unique_constraint(batch_op.f("uq_signup_next_secret_hash"), ["next_secret_hash"])


def downgrade() -> None:
    with op.batch_alter_table("signup", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_signup_next_secret_hash"), type_="unique")
        batch_op.drop_column("hashed_as")
        batch_op.drop_column("next_secret_hash")
