"""The audit log is a chain."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_chain",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("mac", sa.String(), nullable=False),
        sa.Column("forgotten", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_audit_chain_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_chain")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_audit_chain_organisation_id")),
    )
    # Lines that are there get number and hash when the site starts: a migration has no key.
    with op.batch_alter_table("audit_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("mac", sa.String(), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_audit_line_organisation_id_number"), ["organisation_id", "number"]
        )


def downgrade() -> None:
    with op.batch_alter_table("audit_line", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_audit_line_organisation_id_number"), type_="unique")
        batch_op.drop_column("mac")
        batch_op.drop_column("number")
    op.drop_table("audit_chain")
