"""Counts phone calls: answered with which answer, not answered, handed over. Curators see what could not be answered."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.models import CountedCall
from language.redaction import redact
from language.text import clean, comparable

MAX_QUESTION = 300
MAX_GAPS = 200
MAX_READ = 5000
"""Calls that are looked at for the list of gaps: the newest."""

OUTCOMES = ("answered", "not_answered", "handed_over")


@dataclass(frozen=True)
class Gap:
    """A question that callers asked and nobody could answer. `questions` are the ways in which it was typed, the newest first."""

    count: int
    questions: tuple[str, ...]
    last_at: datetime


def count_answered(session: Session, *, staff_id: int, answer_id: str, answer_version: int, question: str, at: datetime) -> CountedCall:
    """Count a call that was answered with an approved answer."""
    return _count(session, staff_id, "answered", question, at, answer_id=answer_id, answer_version=answer_version)


def count_not_answered(session: Session, *, staff_id: int, question: str, at: datetime) -> CountedCall:
    """Count a call for which there was no answer."""
    return _count(session, staff_id, "not_answered", question, at)


def count_handed_over(session: Session, *, staff_id: int, question: str, at: datetime) -> CountedCall:
    """Count a call that became a handoff."""
    return _count(session, staff_id, "handed_over", question, at)


def _count(session: Session, staff_id: int, outcome: str, question: str, at: datetime, **answer: str | int) -> CountedCall:
    typed = redact(clean(question)[:MAX_QUESTION]).text or None
    call = CountedCall(staff_id=staff_id, outcome=outcome, question=typed, at=at, **answer)
    session.add(call)
    session.flush()
    return call


def undo(session: Session, *, call_id: int, staff_id: int, since: datetime) -> bool:
    """Take back one's own call that was counted after `since`; say whether there was one."""
    call = session.get(CountedCall, call_id)
    if call is None or call.staff_id != staff_id or call.at < since:
        return False
    session.delete(call)
    return True


def totals(session: Session, *, since: datetime, staff_id: int | None = None) -> dict[str, int]:
    """Return how many calls there were of each outcome, of everybody or of one."""
    counted = select(CountedCall.outcome, func.count()).where(CountedCall.at >= since).group_by(CountedCall.outcome)
    if staff_id is not None:
        counted = counted.where(CountedCall.staff_id == staff_id)
    return dict.fromkeys(OUTCOMES, 0) | {outcome: count for outcome, count in session.execute(counted)}


def gaps(session: Session, *, since: datetime) -> list[Gap]:
    """Return what callers asked without an answer, the most frequent first; questions that differ in signs only count as one."""
    calls = session.execute(
        select(CountedCall.question, CountedCall.at)
        .where(CountedCall.outcome == "not_answered", CountedCall.question.is_not(None), CountedCall.at >= since)
        .order_by(CountedCall.at.desc())
        .limit(MAX_READ)
    )
    grouped: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    for question, at in calls:
        grouped[comparable(question or "")].append((question or "", at))
    found = [Gap(len(asked), tuple(Counter(text for text, _ in asked)), asked[0][1]) for asked in grouped.values()]
    return sorted(found, key=lambda gap: (-gap.count, -gap.last_at.timestamp()))[:MAX_GAPS]
