"""What the privacy page says of an organisation (GDPR art. 13)."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("controller", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("legal_ground", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("privacy_officer", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("processors", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_column("processors")
        batch_op.drop_column("privacy_officer")
        batch_op.drop_column("legal_ground")
        batch_op.drop_column("controller")
