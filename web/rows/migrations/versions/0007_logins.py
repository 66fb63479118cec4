"""Who is logged in where, tokens that worked once, and who added a venue or facilitator."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spent_token",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spent_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_spent_token_token_hash")),
    )
    with op.batch_alter_table("spent_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spent_token_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "staff_login",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_login_staff_id_staff"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_login")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_staff_login_secret_hash")),
    )
    with op.batch_alter_table("staff_login", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_login_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_staff_login_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "facilitator_login",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["facilitator_link.id"],
            name=op.f("fk_facilitator_login_link_id_facilitator_link"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facilitator_login")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_facilitator_login_secret_hash")),
    )
    with op.batch_alter_table("facilitator_login", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_facilitator_login_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_facilitator_login_link_id"), ["link_id"], unique=False)

    with op.batch_alter_table("facilitator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_by_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_facilitator_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_facilitator_made_by_id_staff"), "staff", ["made_by_id"], ["id"], ondelete="SET NULL"
        )

    with op.batch_alter_table("venue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_by_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_venue_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_venue_made_by_id_staff"), "staff", ["made_by_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("venue", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_venue_made_by_id_staff"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_venue_made_by_id"))
        batch_op.drop_column("made_by_id")

    with op.batch_alter_table("facilitator", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_facilitator_made_by_id_staff"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_facilitator_made_by_id"))
        batch_op.drop_column("made_by_id")

    with op.batch_alter_table("facilitator_login", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_facilitator_login_link_id"))
        batch_op.drop_index(batch_op.f("ix_facilitator_login_ends_at"))

    op.drop_table("facilitator_login")
    with op.batch_alter_table("staff_login", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_login_staff_id"))
        batch_op.drop_index(batch_op.f("ix_staff_login_ends_at"))

    op.drop_table("staff_login")
    with op.batch_alter_table("spent_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spent_token_ends_at"))

    op.drop_table("spent_token")
