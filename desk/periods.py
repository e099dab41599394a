"""How long personal data is kept."""

from pydantic import Field

from database.settings import DatabaseSettings

AUDIT_DAYS = 2192
"""Six years. Source: 45 CFR 164.316(b)(2)(i), retention of documentation."""


class Periods(DatabaseSettings):
    """Days for each class of data. Read once from the environment: FRONTDESK_KEEP_…_DAYS (docs/privacy.md)."""

    keep_chat_days: int = Field(default=30, ge=1, description="conversations, after their last message")
    keep_contact_days: int = Field(default=90, ge=1, description="name, phone and e-mail of a handoff, after it was resolved")
    keep_handoff_days: int = Field(default=365, ge=1, description="handoffs with their notes and deliveries, after they were resolved")
    keep_question_days: int = Field(
        default=180, ge=1, description="texts for the curators: unanswered questions, comments, searches of counted calls"
    )
    keep_draft_days: int = Field(default=1, ge=1, description="wishes of a form that was never sent")
    keep_session_days: int = Field(default=30, ge=1, description="sessions of staff, after their last sign of life")
    keep_sign_in_failure_days: int = Field(default=1, ge=1, description="failed sign-ins, for throttling")
    keep_audit_days: int = Field(default=AUDIT_DAYS, ge=365, description="the audit")
