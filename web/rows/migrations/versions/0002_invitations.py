"""invitations, offers, feeds, replies; letters with a state; dates with an identity"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outage",
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
        sa.UniqueConstraint("what", name=op.f("uq_outage_what")),
    )
    op.create_table(
        "pulse",
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse")),
        sa.UniqueConstraint("what", name=op.f("uq_pulse_what")),
    )
    op.create_table(
        "feed",
        sa.Column("signup_id", sa.Integer(), nullable=True),
        sa.Column("facilitator_id", sa.Integer(), nullable=True),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["facilitator_id"], ["facilitator.id"], name=op.f("fk_feed_facilitator_id_facilitator"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_feed_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["signup_id"], ["signup.id"], name=op.f("fk_feed_signup_id_signup"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_feed_secret_hash")),
    )
    with op.batch_alter_table("feed") as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_facilitator_id"), ["facilitator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feed_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feed_signup_id"), ["signup_id"], unique=False)

    op.create_table(
        "offer",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("signup_id", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_offer_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_offer_project_id_project"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_offer_series_id_series"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_offer_session_id_session"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["signup_id"], ["signup.id"], name=op.f("fk_offer_signup_id_signup"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_offer_token_hash")),
    )
    with op.batch_alter_table("offer") as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_series_id"), ["series_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_session_id"), ["session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_signup_id"), ["signup_id"], unique=False)

    op.create_table(
        "impression",
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("mood", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name=op.f("fk_impression_gathering_id_gathering"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impression")),
        sa.UniqueConstraint("gathering_id", "mood", name=op.f("uq_impression_gathering_id_mood")),
    )
    with op.batch_alter_table("impression") as batch_op:
        batch_op.create_index(batch_op.f("ix_impression_gathering_id"), ["gathering_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("signup_id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("off_at", sa.DateTime(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_sequence", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.DateTime(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("partstat", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("answer_sequence", sa.Integer(), nullable=True),
        sa.Column("answer_stamp", sa.DateTime(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name=op.f("fk_invitation_gathering_id_gathering"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_invitation_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_invitation_project_id_project"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_invitation_series_id_series"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["signup_id"], ["signup.id"], name=op.f("fk_invitation_signup_id_signup"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("signup_id", "uid", name=op.f("uq_invitation_signup_id_uid")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation") as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_gathering_id"), ["gathering_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_series_id"), ["series_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_signup_id"), ["signup_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_uid"), ["uid"], unique=False)

    op.create_table(
        "reply",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("signup_id", sa.Integer(), nullable=True),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("partstat", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("handled_at", sa.DateTime(), nullable=True),
        sa.Column("handled_by", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handled_by"], ["staff.id"], name=op.f("fk_reply_handled_by_staff"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_reply_invitation_id_invitation"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_reply_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_reply_project_id_project"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["signup_id"], ["signup.id"], name=op.f("fk_reply_signup_id_signup"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("key", name=op.f("uq_reply_key")),
    )
    with op.batch_alter_table("reply") as batch_op:
        batch_op.create_index(batch_op.f("ix_reply_invitation_id"), ["invitation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reply_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reply_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reply_signup_id"), ["signup_id"], unique=False)

    with op.batch_alter_table("due_letter") as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(), nullable=False, server_default="due"))
        batch_op.add_column(sa.Column("staff_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("invitation_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("offer_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sequence", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("claimed_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("bounce", sa.String(), nullable=True))
        batch_op.alter_column("series_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(batch_op.f("ix_due_letter_invitation_id"), ["invitation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_due_letter_offer_id"), ["offer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_due_letter_staff_id"), ["staff_id"], unique=False)
        batch_op.create_index("ix_due_letter_state", ["state"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_due_letter_bounce"), ["bounce"])
        batch_op.create_foreign_key(
            batch_op.f("fk_due_letter_offer_id_offer"), "offer", ["offer_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_due_letter_staff_id_staff"), "staff", ["staff_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_due_letter_invitation_id_invitation"),
            "invitation",
            ["invitation_id"],
            ["id"],
            ondelete="CASCADE",
        )

    letter = sa.table("due_letter", sa.column("state"), sa.column("sent_at"), sa.column("fault"))
    op.execute(letter.update().where(letter.c.sent_at.is_not(None)).values(state="sent"))
    op.execute(letter.update().where(letter.c.fault == "overtaken").values(state="overtaken", fault=""))

    with op.batch_alter_table("gathering") as batch_op:
        batch_op.add_column(sa.Column("uid", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("called_off_at", sa.DateTime(), nullable=True))

    date = sa.table("gathering", sa.column("id"), sa.column("uid"))
    connection = op.get_bind()
    for id in connection.scalars(sa.select(date.c.id)).all():
        connection.execute(date.update().where(date.c.id == id).values(uid=str(uuid4())))

    with op.batch_alter_table("gathering") as batch_op:
        batch_op.alter_column("uid", existing_type=sa.String(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_gathering_uid"), ["uid"])

    with op.batch_alter_table("series") as batch_op:
        batch_op.add_column(sa.Column("story", sa.String(), nullable=False, server_default=""))

    with op.batch_alter_table("signup") as batch_op:
        batch_op.add_column(sa.Column("bounced_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("quiet", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("staff") as batch_op:
        batch_op.add_column(sa.Column("digest", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("staff") as batch_op:
        batch_op.drop_column("digest")

    with op.batch_alter_table("signup") as batch_op:
        batch_op.drop_column("quiet")
        batch_op.drop_column("bounced_at")

    with op.batch_alter_table("series") as batch_op:
        batch_op.drop_column("story")

    with op.batch_alter_table("gathering") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_gathering_uid"), type_="unique")
        batch_op.drop_column("called_off_at")
        batch_op.drop_column("changed_at")
        batch_op.drop_column("sequence")
        batch_op.drop_column("uid")

    with op.batch_alter_table("due_letter") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_due_letter_invitation_id_invitation"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_due_letter_staff_id_staff"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_due_letter_offer_id_offer"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_due_letter_bounce"), type_="unique")
        batch_op.drop_index("ix_due_letter_state")
        batch_op.drop_index(batch_op.f("ix_due_letter_staff_id"))
        batch_op.drop_index(batch_op.f("ix_due_letter_offer_id"))
        batch_op.drop_index(batch_op.f("ix_due_letter_invitation_id"))
        batch_op.alter_column("series_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("bounce")
        batch_op.drop_column("claimed_at")
        batch_op.drop_column("sequence")
        batch_op.drop_column("offer_id")
        batch_op.drop_column("invitation_id")
        batch_op.drop_column("staff_id")
        batch_op.drop_column("state")

    with op.batch_alter_table("reply") as batch_op:
        batch_op.drop_index(batch_op.f("ix_reply_signup_id"))
        batch_op.drop_index(batch_op.f("ix_reply_project_id"))
        batch_op.drop_index(batch_op.f("ix_reply_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_reply_invitation_id"))

    op.drop_table("reply")
    with op.batch_alter_table("invitation") as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_uid"))
        batch_op.drop_index(batch_op.f("ix_invitation_signup_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_series_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_project_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_gathering_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("impression") as batch_op:
        batch_op.drop_index(batch_op.f("ix_impression_gathering_id"))

    op.drop_table("impression")
    with op.batch_alter_table("offer") as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_signup_id"))
        batch_op.drop_index(batch_op.f("ix_offer_session_id"))
        batch_op.drop_index(batch_op.f("ix_offer_series_id"))
        batch_op.drop_index(batch_op.f("ix_offer_project_id"))
        batch_op.drop_index(batch_op.f("ix_offer_organisation_id"))

    op.drop_table("offer")
    with op.batch_alter_table("feed") as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_signup_id"))
        batch_op.drop_index(batch_op.f("ix_feed_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_feed_facilitator_id"))

    op.drop_table("feed")
    op.drop_table("pulse")
    op.drop_table("outage")
