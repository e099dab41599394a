"""The register of personal data: which column holds some, and for how long each table keeps it (docs/privacy.md).

Every column of every table says in its `info` whether it is personal. Retention, erasure and export hold on to this register; tests
fail for a column that is not classed and for a table with personal columns that has no lifetime here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, MetaData


@dataclass(frozen=True)
class Entry:
    """One column. `personal` is None while nobody has classed it."""

    table: str
    column: str
    personal: bool | None
    meaning: str


LIFETIMES = {
    "conversations": "keep_chat_days after the last message, but not before its handoffs are resolved",
    "messages": "with their conversation",
    "offered_buttons": "with their conversation",
    "unanswered_questions": "the links with the conversation; the text keep_question_days",
    "feedback": "the links with the conversation; the comment keep_question_days; whether it helped stays",
    "tracker_erasures": "until Rasa has forgotten the conversation, in most cases seconds",
    "handoff_drafts": "keep_draft_days, or with the conversation",
    "handoffs": "contact keep_contact_days, everything else keep_handoff_days after it was resolved",
    "handoff_notes": "with their handoff",
    "counted_calls": "the question keep_question_days; the count stays",
    "staff": "for good: accounts are disabled, never deleted, since the audit names them",
    "staff_sessions": "keep_session_days after the last sign of life",
    "sign_in_failures": "keep_sign_in_failure_days",
}
"""What ends the life of the personal data of each table."""


def entries(metadata: MetaData) -> Iterator[Entry]:
    """Yield every column of the tables that `metadata` knows, by table."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            yield Entry(table.name, column.name, column.info.get("personal"), _meaning(column))


def personal_columns(metadata: MetaData) -> dict[str, list[str]]:
    """Return the personal columns of each table that has some."""
    found: dict[str, list[str]] = {}
    for entry in entries(metadata):
        if entry.personal:
            found.setdefault(entry.table, []).append(entry.column)
    return found


def _meaning(column: Column[object]) -> str:
    return column.comment or ""
