"""Deletes what has been kept for long enough: in small batches, each a transaction of its own, so that it can stop at any point.

Run again, it goes on where it stopped, and finds nothing more when all is done.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile

from sqlalchemy import ColumnElement, Engine, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from database.engine import transaction
from database.vacuum import wipe_free_space
from desk import audit, chats
from desk.chat_tables import CONVERSATIONS, FEEDBACK, UNANSWERED_QUESTIONS
from desk.chats import Counts, count_rows
from desk.models import NO_CONTACT, AuditEntry, CountedCall, Delivery, Handoff, HandoffDraft, HandoffNote, SignInFailure, StaffSession
from desk.periods import Periods

BATCH = 200
"""Rows of one transaction: some milliseconds, so that messages of visitors need not wait."""

Step = Callable[[Session], Counts]
"""Takes one batch; an empty count means that nothing is left."""


def run(engine: Engine, periods: Periods, at: datetime) -> Counts:
    """Delete everything whose time was over `at`; return how many rows of each table were deleted or emptied."""
    counts: Counts = Counter()
    for step in _steps(periods, at):
        while taken := _once(engine, step):
            counts += taken
    wipe_free_space(engine)
    return counts


def _once(engine: Engine, step: Step) -> Counts:
    with transaction(engine) as session:
        return step(session)


def _steps(periods: Periods, at: datetime) -> list[Step]:
    def before(days: int) -> datetime:
        return at - timedelta(days=days)

    return [
        partial(_conversations, before=before(periods.keep_chat_days), at=at),
        partial(_contacts, before=before(periods.keep_contact_days)),
        partial(_handoffs, before=before(periods.keep_handoff_days)),
        partial(_questions, before=before(periods.keep_question_days)),
        partial(_comments, before=before(periods.keep_question_days)),
        partial(_searches, before=before(periods.keep_question_days)),
        partial(_drafts, before=before(periods.keep_draft_days)),
        partial(_sessions, before=before(periods.keep_session_days)),
        partial(_failures, before=before(periods.keep_sign_in_failure_days)),
        partial(_audit, before=before(periods.keep_audit_days), at=at),
    ]


def _conversations(session: Session, *, before: datetime, at: datetime) -> Counts:
    """A conversation that somebody still waits in, or that a handoff still points to, is not over."""
    is_needed = exists().where(Handoff.conversation_id == CONVERSATIONS.c.id, Handoff.state != "resolved")
    due = select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.last_active_at < before, ~is_needed)
    ids = session.scalars(due.order_by(CONVERSATIONS.c.last_active_at).limit(BATCH)).all()
    return chats.erase(session, ids, at=at, keep_texts=True) if ids else Counter()


def _resolved(before: datetime) -> ColumnElement[bool]:
    return (Handoff.state == "resolved") & (Handoff.resolved_at < before)


def _contacts(session: Session, *, before: datetime) -> Counts:
    due = select(Handoff.id).where(_resolved(before), Handoff.contact != NO_CONTACT).limit(BATCH)
    ids = session.scalars(due).all()
    emptied = update(Handoff).where(Handoff.id.in_(ids)).values(contact=NO_CONTACT, content_digest="")
    return count_rows(session, emptied) if ids else Counter()


def _handoffs(session: Session, *, before: datetime) -> Counts:
    return erase_handoffs(session, session.scalars(select(Handoff.id).where(_resolved(before)).limit(BATCH)).all())


def erase_handoffs(session: Session, ids: Sequence[str]) -> Counts:
    """Delete handoffs with their notes and deliveries; return the rows of each table."""
    counts: Counts = Counter()
    for model in (HandoffNote, Delivery):
        counts += count_rows(session, delete(model).where(model.handoff_id.in_(ids)))
    return counts + count_rows(session, delete(Handoff).where(Handoff.id.in_(ids)))


def _questions(session: Session, *, before: datetime) -> Counts:
    due = select(UNANSWERED_QUESTIONS.c.id).where(UNANSWERED_QUESTIONS.c.at < before).limit(BATCH)
    return count_rows(session, delete(UNANSWERED_QUESTIONS).where(UNANSWERED_QUESTIONS.c.id.in_(due.scalar_subquery())))


def _comments(session: Session, *, before: datetime) -> Counts:
    due = select(FEEDBACK.c.id).where(FEEDBACK.c.at < before, FEEDBACK.c.comment.is_not(None)).limit(BATCH)
    return count_rows(session, update(FEEDBACK).where(FEEDBACK.c.id.in_(due.scalar_subquery())).values(comment=None))


def _searches(session: Session, *, before: datetime) -> Counts:
    due = select(CountedCall.id).where(CountedCall.at < before, CountedCall.question.is_not(None)).limit(BATCH)
    return count_rows(session, update(CountedCall).where(CountedCall.id.in_(due.scalar_subquery())).values(question=None))


def _drafts(session: Session, *, before: datetime) -> Counts:
    due = select(HandoffDraft.conversation_id).where(HandoffDraft.updated_at < before).limit(BATCH)
    return count_rows(session, delete(HandoffDraft).where(HandoffDraft.conversation_id.in_(due.scalar_subquery())))


def _sessions(session: Session, *, before: datetime) -> Counts:
    is_over = or_(StaffSession.last_seen_at < before, StaffSession.ended_at < before)
    due = select(StaffSession.token_hash).where(is_over).limit(BATCH)
    return count_rows(session, delete(StaffSession).where(StaffSession.token_hash.in_(due.scalar_subquery())))


def _failures(session: Session, *, before: datetime) -> Counts:
    due = select(SignInFailure.id).where(SignInFailure.at < before).limit(BATCH)
    return count_rows(session, delete(SignInFailure).where(SignInFailure.id.in_(due.scalar_subquery())))


def _audit(session: Session, *, before: datetime, at: datetime) -> Counts:
    """The oldest entries go, never the newest; an entry of its own says where the chain begins now."""
    newest = select(func.max(AuditEntry.id)).scalar_subquery()
    oldest = select(AuditEntry.id, AuditEntry.at, AuditEntry.hash).where(AuditEntry.id < newest).order_by(AuditEntry.id).limit(BATCH)
    due = list(takewhile(lambda row: row.at < before, session.execute(oldest)))
    if not due:
        return Counter()
    audit.append_pruned(session, count=len(due), last_hash=due[-1].hash, at=at)
    return count_rows(session, delete(AuditEntry).where(AuditEntry.id <= due[-1].id))
