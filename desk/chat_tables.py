"""What the desk knows of the gateway's tables: the columns that retention, erasure and export need, and no more.

The desk cannot import the gateway; tests hold this page against the gateway's models.
"""

from sqlalchemy import Boolean, Integer, String, Text, column, table

from database.base import UtcDateTime

CONVERSATIONS = table(
    "conversations",
    column("id", String),
    column("owner", String),
    column("episode", Integer),
    column("created_at", UtcDateTime),
    column("last_active_at", UtcDateTime),
)
MESSAGES = table(
    "messages",
    column("id", String),
    column("conversation_id", String),
    column("seq", Integer),
    column("sender", String),
    column("kind", String),
    column("text", Text),
    column("at", UtcDateTime),
    column("reply_to", String),
)
OFFERED_BUTTONS = table("offered_buttons", column("id", String), column("conversation_id", String))
FEEDBACK = table(
    "feedback",
    column("id", Integer),
    column("conversation_id", String),
    column("message_id", String),
    column("answer_id", String),
    column("helpful", Boolean),
    column("comment", Text),
    column("at", UtcDateTime),
)
UNANSWERED_QUESTIONS = table(
    "unanswered_questions",
    column("id", Integer),
    column("conversation_id", String),
    column("message_id", String),
    column("kind", String),
    column("text", Text),
    column("at", UtcDateTime),
)
TRACKER_ERASURES = table("tracker_erasures", column("conversation_id", String), column("requested_at", UtcDateTime))

ALL = (CONVERSATIONS, MESSAGES, OFFERED_BUTTONS, FEEDBACK, UNANSWERED_QUESTIONS, TRACKER_ERASURES)
