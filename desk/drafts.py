"""The wishes that the assistant collects in a conversation, until the contact card is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from database.base import now
from desk.models import Handoff, HandoffDraft


@dataclass(frozen=True)
class Draft:
    """What was collected: `channel` and `reason` as in `desk.models`, `wishes` by the names of `desk.wishes.Wishes`."""

    channel: str
    reason: str
    wishes: dict[str, Any]


def save(session: Session, conversation_id: str, draft: Draft) -> None:
    """Keep the draft of a conversation; an earlier one is replaced."""
    row = session.get(HandoffDraft, conversation_id) or HandoffDraft(conversation_id=conversation_id)
    row.channel, row.reason, row.wishes, row.updated_at = draft.channel, draft.reason, draft.wishes, now()
    session.add(row)


def read(session: Session, conversation_id: str) -> Draft | None:
    """Return the draft of a conversation; None when nothing was collected."""
    row = session.get(HandoffDraft, conversation_id)
    return None if row is None else Draft(row.channel, row.reason, dict(row.wishes))


def discard(session: Session, conversation_id: str) -> None:
    """Forget the draft of a conversation, if there is one."""
    session.execute(delete(HandoffDraft).where(HandoffDraft.conversation_id == conversation_id))


def leave_conversation(session: Session, conversation_id: str) -> None:
    """Cut the conversation's handoffs off from it, as it is erased: what was said in it goes, what was asked of the clinic stays."""
    discard(session, conversation_id)
    of_conversation = Handoff.conversation_id == conversation_id
    session.execute(update(Handoff).where(of_conversation).values(conversation_id=None, transcript=[], unanswered=[]))
