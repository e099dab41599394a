"""Create the tables of the chat."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=16), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False, comment="seq of the newest message"),
        sa.Column("turn_message_id", sa.String(length=26), nullable=True, comment="the message that Rasa is answering"),
        sa.Column("turn_until", sa.DateTime(timezone=True), nullable=True, comment="when that turn counts as lost"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_active_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("owner IN ('bot', 'waiting', 'staff')", name=op.f("ck_conversations_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index(op.f("ix_conversations_last_active_at"), "conversations", ["last_active_at"], unique=False)
    op.create_table(
        "tracker_erasures",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_tracker_erasures")),
    )
    op.create_index(op.f("ix_tracker_erasures_requested_at"), "tracker_erasures", ["requested_at"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_message_id", sa.String(length=36), nullable=True),
        sa.Column("button_id", sa.String(length=32), nullable=True, comment="the button that the visitor pressed"),
        sa.Column("reply_to", sa.String(length=26), nullable=True),
        sa.Column("is_pending", sa.Boolean(), nullable=False, comment="of a visitor, and not answered yet"),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("assumed", sa.Text(), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=True, comment="the card as it was shown"),
        sa.Column("answer_id", sa.String(length=128), nullable=True),
        sa.Column("answer_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_messages_conversation_id_conversations")),
        sa.ForeignKeyConstraint(["reply_to"], ["messages.id"], name=op.f("fk_messages_reply_to_messages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("conversation_id", "client_message_id", name="uq_messages_client_message_id"),
        sa.UniqueConstraint("conversation_id", "seq", name=op.f("uq_messages_conversation_id")),
    )
    op.create_index(op.f("ix_messages_at"), "messages", ["at"], unique=False)
    op.create_index(
        "ix_messages_pending",
        "messages",
        ["conversation_id", "seq"],
        unique=False,
        sqlite_where=sa.text("is_pending"),
        postgresql_where=sa.text("is_pending"),
    )
    op.create_index(op.f("ix_messages_reply_to"), "messages", ["reply_to"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=True),
        sa.Column("message_id", sa.String(length=26), nullable=True),
        sa.Column("answer_id", sa.String(length=128), nullable=True),
        sa.Column("answer_version", sa.Integer(), nullable=True),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_feedback_conversation_id_conversations")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_feedback_message_id_messages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("message_id", name=op.f("uq_feedback_message_id")),
    )
    op.create_index("ix_feedback_answer_id", "feedback", ["answer_id", "answer_version"], unique=False)
    op.create_index(op.f("ix_feedback_at"), "feedback", ["at"], unique=False)
    op.create_index(op.f("ix_feedback_conversation_id"), "feedback", ["conversation_id"], unique=False)
    op.create_table(
        "offered_buttons",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_offered_buttons_conversation_id_conversations")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_offered_buttons_message_id_messages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_buttons")),
    )
    op.create_index(op.f("ix_offered_buttons_conversation_id"), "offered_buttons", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_offered_buttons_message_id"), "offered_buttons", ["message_id"], unique=False)
    op.create_table(
        "unanswered_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_unanswered_questions_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_unanswered_questions_message_id_messages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unanswered_questions")),
    )
    op.create_index(op.f("ix_unanswered_questions_at"), "unanswered_questions", ["at"], unique=False)
    op.create_index(op.f("ix_unanswered_questions_conversation_id"), "unanswered_questions", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_unanswered_questions_message_id"), "unanswered_questions", ["message_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_unanswered_questions_message_id"), table_name="unanswered_questions")
    op.drop_index(op.f("ix_unanswered_questions_conversation_id"), table_name="unanswered_questions")
    op.drop_index(op.f("ix_unanswered_questions_at"), table_name="unanswered_questions")
    op.drop_table("unanswered_questions")
    op.drop_index(op.f("ix_offered_buttons_message_id"), table_name="offered_buttons")
    op.drop_index(op.f("ix_offered_buttons_conversation_id"), table_name="offered_buttons")
    op.drop_table("offered_buttons")
    op.drop_index(op.f("ix_feedback_conversation_id"), table_name="feedback")
    op.drop_index(op.f("ix_feedback_at"), table_name="feedback")
    op.drop_index("ix_feedback_answer_id", table_name="feedback")
    op.drop_table("feedback")
    op.drop_index(op.f("ix_messages_reply_to"), table_name="messages")
    op.drop_index("ix_messages_pending", table_name="messages", sqlite_where=sa.text("is_pending"), postgresql_where=sa.text("is_pending"))
    op.drop_index(op.f("ix_messages_at"), table_name="messages")
    op.drop_table("messages")
    op.drop_index(op.f("ix_tracker_erasures_requested_at"), table_name="tracker_erasures")
    op.drop_table("tracker_erasures")
    op.drop_index(op.f("ix_conversations_last_active_at"), table_name="conversations")
    op.drop_table("conversations")
