"""A letter keeps why it came back, and a mail that came back belongs to its letter."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OURS = " OR ".join(f"reason LIKE 'hard {code}'" for code in ("5.2.2", "5.2.3", "5.3.%", "5.6.%", "5.7.%"))


def upgrade() -> None:
    with op.batch_alter_table("due_letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("returned", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("returned_at", sa.DateTime(), nullable=True))

    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.add_column(sa.Column("letter_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_reply_letter_id"), ["letter_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_reply_letter_id_due_letter"), "due_letter", ["letter_id"], ["id"], ondelete="SET NULL"
        )

    # Until now a full mailbox, or a server that did not want our mail, took a good address out of the mailing for good.
    bounced = "SELECT signup_id FROM reply WHERE outcome = 'bounce' AND signup_id IS NOT NULL AND reason LIKE 'hard%'"
    op.execute(
        f"UPDATE signup SET bounced_at = NULL WHERE bounced_at IS NOT NULL AND id IN ({bounced} AND ({OURS})) "
        f"AND id NOT IN ({bounced} AND NOT ({OURS}))"
    )


def downgrade() -> None:
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_reply_letter_id_due_letter"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_reply_letter_id"))
        batch_op.drop_column("letter_id")

    with op.batch_alter_table("due_letter", schema=None) as batch_op:
        batch_op.drop_column("returned_at")
        batch_op.drop_column("returned")
