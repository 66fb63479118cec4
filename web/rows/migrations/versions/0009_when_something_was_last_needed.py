"""When a facilitator or key contact was last needed, when somebody left, and the time of the last nightly work."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NEWEST = (("pulse", "at"), ("audit_line", "at"), ("signup", "changed_at"))


def upgrade() -> None:
    known = op.create_table(
        "known_time",
        sa.Column("trusted_at", sa.DateTime(), nullable=False),
        sa.Column("doubted_since", sa.DateTime(), nullable=True),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_time")),
    )
    for table, column in (("facilitator", "used_at"), ("key_contact", "used_at"), ("staff", "left_at")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, sa.DateTime(), nullable=True))

    # What an installation last did tells what time it was there: the first start may be by a clock that is wrong.
    moments = [op.get_bind().scalar(sa.select(sa.func.max(_column(*one)))) for one in NEWEST]
    if any(moments):
        op.bulk_insert(known, [{"id": 1, "trusted_at": max(filter(None, moments))}])


def _column(table: str, name: str) -> sa.ColumnElement[object]:
    return sa.table(table, sa.column(name, sa.DateTime())).c[name]


def downgrade() -> None:
    for table, column in (("facilitator", "used_at"), ("key_contact", "used_at"), ("staff", "left_at")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
    op.drop_table("known_time")
