"""Create the tables of the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact_card", sa.JSON(none_as_null=True), nullable=True, comment="asks for name and contact"))

    op.create_table(
        "handoff_drafts",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_handoff_drafts")),
    )
    with op.batch_alter_table("handoff_drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handoff_drafts_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login_digest", sa.String(length=64), nullable=False),
        sa.Column("address_digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_failures_address", ["address_digest", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_failures_at"), ["at"], unique=False)
        batch_op.create_index("ix_sign_in_failures_login", ["login_digest", "at"], unique=False)

    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False, comment="lower case"),
        sa.Column("name", sa.String(length=80), nullable=False, comment="as visitors see it"),
        sa.Column("password_hash", sa.String(length=200), nullable=False, comment="Argon2id"),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("on_duty_until", sa.DateTime(timezone=True), nullable=True, comment="takes live chats until then; empty: off duty"),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('agent', 'curator', 'admin')", name=op.f("ck_staff_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True, comment="empty: the system or a visitor"),
        sa.Column("action", sa.String(length=48), nullable=False),
        sa.Column("object_kind", sa.String(length=24), nullable=False),
        sa.Column("object_id", sa.String(length=128), nullable=False, comment="a digest where the id itself is personal"),
        sa.Column("details", sa.JSON(), nullable=False, comment="states and counts, never texts or contacts"),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_audit_entries_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entries_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_audit_entries_previous_hash")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_entries_object", ["object_kind", "object_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "counted_calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("answer_id", sa.String(length=128), nullable=True),
        sa.Column("answer_version", sa.Integer(), nullable=True),
        sa.Column("question", sa.Text(), nullable=True, comment="what was searched, for the curators"),
        sa.CheckConstraint("outcome IN ('answered', 'not_answered', 'handed_over')", name=op.f("ck_counted_calls_outcome")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_counted_calls_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_calls")),
    )
    with op.batch_alter_table("counted_calls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_counted_calls_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_counted_calls_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "handoffs",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False, comment="what the visitor is told"),
        sa.Column("conversation_id", sa.String(length=64), nullable=True, comment="empty: by phone, or erased"),
        sa.Column("client_request_id", sa.String(length=36), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False, comment="the same wish twice is one handoff"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("procedure", sa.String(length=64), nullable=True),
        sa.Column("wishes", sa.JSON(), nullable=False, comment="desk.wishes.Wishes"),
        sa.Column("answers_shown", sa.JSON(), nullable=False, comment="id, version, title"),
        sa.Column("unanswered", sa.JSON(), nullable=False, comment="questions without an answer"),
        sa.Column("transcript", sa.JSON(), nullable=False, comment="sender, text, at"),
        sa.Column("contact", sa.LargeBinary(), nullable=False, comment="encrypted: name, phone, email"),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promise", sa.Text(), nullable=False, comment="the sentence that the visitor was told"),
        sa.Column("promised_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promised_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_reply_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("reopened_count", sa.Integer(), nullable=False),
        sa.Column("alarmed_at", sa.DateTime(timezone=True), nullable=True, comment="when nobody had claimed it in time"),
        sa.CheckConstraint("channel IN ('live', 'callback', 'appointment')", name=op.f("ck_handoffs_channel")),
        sa.CheckConstraint(
            "reason IN ('requested', 'appointment', 'not_covered', 'refused', 'red_flag', 'unavailable', 'call')",
            name=op.f("ck_handoffs_reason"),
        ),
        sa.CheckConstraint("state IN ('waiting', 'claimed', 'snoozed', 'resolved')", name=op.f("ck_handoffs_state")),
        sa.CheckConstraint("urgency IN ('routine', 'same_day', 'urgent')", name=op.f("ck_handoffs_urgency")),
        sa.ForeignKeyConstraint(["claimed_by"], ["staff.id"], name=op.f("fk_handoffs_claimed_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
        sa.UniqueConstraint("conversation_id", "client_request_id", name=op.f("uq_handoffs_conversation_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_handoffs_reference")),
    )
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handoffs_claimed_by"), ["claimed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_handoffs_content_digest"), ["content_digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_handoffs_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handoffs_created_at"), ["created_at"], unique=False)
        batch_op.create_index("ix_handoffs_due", ["state", "promised_until"], unique=False)
        batch_op.create_index("ix_handoffs_queue", ["state", "created_at"], unique=False)

    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_sessions_staff_id_staff")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_sessions")),
    )
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_sessions_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(length=26), nullable=False, comment="event id, by which a receiver drops doubles"),
        sa.Column("handoff_id", sa.String(length=26), nullable=False),
        sa.Column("target", sa.String(length=16), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False, comment="handoff.created, handoff.resolved …"),
        sa.Column("number", sa.Integer(), nullable=False, comment="order of the events of one handoff"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'dead')", name=op.f("ck_deliveries_state")),
        sa.CheckConstraint("target IN ('email', 'webhook')", name=op.f("ck_deliveries_target")),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_deliveries_handoff_id_handoffs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("handoff_id", "target", "number", name=op.f("uq_deliveries_handoff_id")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliveries_created_at"), ["created_at"], unique=False)
        batch_op.create_index("ix_deliveries_due", ["state", "next_attempt_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_deliveries_handoff_id"), ["handoff_id"], unique=False)

    op.create_table(
        "handoff_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handoff_id", sa.String(length=26), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_handoff_notes_handoff_id_handoffs")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_handoff_notes_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_notes")),
    )
    with op.batch_alter_table("handoff_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handoff_notes_handoff_id"), ["handoff_id"], unique=False)

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("episode", sa.Integer(), nullable=False, server_default="1", comment="counts up when a person hands back to the bot")
        )
        batch_op.add_column(
            sa.Column(
                "episode_after_seq", sa.Integer(), nullable=False, server_default="0", comment="seq of the last message before this episode"
            )
        )

    # the text of a question outlives its conversation (docs/privacy.md)
    with op.batch_alter_table("unanswered_questions", schema=None) as batch_op:
        batch_op.alter_column("conversation_id", existing_type=sa.String(length=64), nullable=True)
        batch_op.alter_column("message_id", existing_type=sa.String(length=26), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM unanswered_questions WHERE conversation_id IS NULL OR message_id IS NULL")
    with op.batch_alter_table("unanswered_questions", schema=None) as batch_op:
        batch_op.alter_column("message_id", existing_type=sa.String(length=26), nullable=False)
        batch_op.alter_column("conversation_id", existing_type=sa.String(length=64), nullable=False)

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_column("episode_after_seq")
        batch_op.drop_column("episode")

    with op.batch_alter_table("handoff_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handoff_notes_handoff_id"))

    op.drop_table("handoff_notes")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_handoff_id"))
        batch_op.drop_index("ix_deliveries_due")
        batch_op.drop_index(batch_op.f("ix_deliveries_created_at"))

    op.drop_table("deliveries")
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_sessions_staff_id"))

    op.drop_table("staff_sessions")
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_index("ix_handoffs_queue")
        batch_op.drop_index("ix_handoffs_due")
        batch_op.drop_index(batch_op.f("ix_handoffs_created_at"))
        batch_op.drop_index(batch_op.f("ix_handoffs_conversation_id"))
        batch_op.drop_index(batch_op.f("ix_handoffs_content_digest"))
        batch_op.drop_index(batch_op.f("ix_handoffs_claimed_by"))

    op.drop_table("handoffs")
    with op.batch_alter_table("counted_calls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_counted_calls_staff_id"))
        batch_op.drop_index(batch_op.f("ix_counted_calls_at"))

    op.drop_table("counted_calls")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_staff_id"))
        batch_op.drop_index("ix_audit_entries_object")
        batch_op.drop_index(batch_op.f("ix_audit_entries_at"))

    op.drop_table("audit_entries")
    op.drop_table("staff")
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_failures_login")
        batch_op.drop_index(batch_op.f("ix_sign_in_failures_at"))
        batch_op.drop_index("ix_sign_in_failures_address")

    op.drop_table("sign_in_failures")
    with op.batch_alter_table("handoff_drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handoff_drafts_updated_at"))

    op.drop_table("handoff_drafts")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_column("contact_card")
