"""Takes conversations out of every table, for retention and for erasure on request. Rasa is told by the gateway."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Delete, Update, delete, insert, select, update
from sqlalchemy.orm import Session

from desk.chat_tables import CONVERSATIONS, FEEDBACK, MESSAGES, OFFERED_BUTTONS, TRACKER_ERASURES, UNANSWERED_QUESTIONS
from desk.dialogues import dialogue_id
from desk.models import Handoff, HandoffDraft

Counts = Counter[str]
"""Rows by table; a table that lost none is missing."""


def lock(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """Return those of `ids` that exist with their episodes, locked until this transaction ends: no message can come in meanwhile."""
    table = CONVERSATIONS.c
    locking = update(CONVERSATIONS).where(table.id.in_(sorted(ids))).values(owner=table.owner).returning(table.id, table.episode)
    return {row.id: row.episode for row in session.execute(locking)}


def erase(session: Session, ids: Sequence[str], *, at: datetime, keep_texts: bool) -> Counts:
    """Delete conversations with their messages, and note that Rasa has to forget them; return the rows of each table.

    Handoffs stay, without the link. Whether an answer helped stays, without the link.

    Args:
        keep_texts: unanswered questions and comments stay for the curators, without a link; else they go too.
    """
    episodes = lock(session, ids)
    known = list(episodes)
    texts = _cut_links if keep_texts else _erase_texts
    counts = texts(session, known)
    counts += count_rows(session, delete(OFFERED_BUTTONS).where(OFFERED_BUTTONS.c.conversation_id.in_(known)))
    session.execute(update(MESSAGES).where(MESSAGES.c.conversation_id.in_(known)).values(reply_to=None))
    counts += count_rows(session, delete(MESSAGES).where(MESSAGES.c.conversation_id.in_(known)))
    counts += count_rows(session, delete(HandoffDraft).where(HandoffDraft.conversation_id.in_(ids)))
    session.execute(update(Handoff).where(Handoff.conversation_id.in_(ids)).values(conversation_id=None))
    counts += count_rows(session, delete(CONVERSATIONS).where(CONVERSATIONS.c.id.in_(known)))
    _tell_rasa(session, [dialogue_id(each, number) for each in known for number in range(1, episodes[each] + 1)], at)
    return counts


def _cut_links(session: Session, ids: Sequence[str]) -> Counts:
    for table in (FEEDBACK, UNANSWERED_QUESTIONS):
        session.execute(update(table).where(table.c.conversation_id.in_(ids)).values(conversation_id=None, message_id=None))
    return Counter()


def _erase_texts(session: Session, ids: Sequence[str]) -> Counts:
    of_ids = FEEDBACK.c.conversation_id.in_(ids)
    counts = count_rows(session, update(FEEDBACK).where(of_ids).values(conversation_id=None, message_id=None, comment=None))
    return counts + count_rows(session, delete(UNANSWERED_QUESTIONS).where(UNANSWERED_QUESTIONS.c.conversation_id.in_(ids)))


def _tell_rasa(session: Session, ids: Sequence[str], at: datetime) -> None:
    noted = set(session.scalars(select(TRACKER_ERASURES.c.conversation_id).where(TRACKER_ERASURES.c.conversation_id.in_(ids))))
    rows = [{"conversation_id": each, "requested_at": at} for each in ids if each not in noted]
    if rows:
        session.execute(insert(TRACKER_ERASURES), rows)


def count_rows(session: Session, statement: Delete | Update) -> Counts:
    """Run a statement and return how many rows of its table it took."""
    rows = int(session.execute(statement).rowcount)  # type: ignore[attr-defined]  # a CursorResult
    return Counter({statement.table.description: rows}) if rows else Counter()
