"""What staff do with a handoff. Each verb compares and sets: of two people at once one wins, and the other is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from desk import audit, outbox
from desk.errors import FormInvalid, HandoffChanged, TransitionRefused
from desk.handoffs.reading import get
from desk.models import HANDOFFS, Handoff, HandoffNote, Staff
from language.text import clean

OUTCOMES = ("called", "booked", "answered", "no_answer", "not_needed", "spam", "handed_back", "other")
MAX_NOTE = 2000
WAKE_AT_ONCE = 100


@dataclass(frozen=True)
class Verb:
    """What can be done with a handoff: its name for people, its name in the audit, and the states in which it is possible."""

    name: str
    done: str
    states: tuple[str, ...]


CLAIM = Verb("claim", "claimed", ("waiting", "snoozed"))
RELEASE = Verb("release", "released", ("claimed", "snoozed"))
SNOOZE = Verb("snooze", "snoozed", ("waiting", "claimed"))
RESOLVE = Verb("resolve", "resolved", ("waiting", "claimed", "snoozed"))
REOPEN = Verb("reopen", "reopened", ("resolved",))
CALL = Verb("mark as called", "called", ("waiting", "claimed", "snoozed"))

_WAITING: dict[str, Any] = {"state": "waiting", "claimed_by": None, "claimed_at": None, "snoozed_until": None, "alarmed_at": None}
"""An alarm may ring again for what is back in the queue."""

_EVENTS = {"claimed": outbox.CLAIMED, "released": outbox.RELEASED, "resolved": outbox.RESOLVED, "reopened": outbox.REOPENED}


def claim(session: Session, handoff_id: str, *, by: Staff, at: datetime, version: int | None = None) -> Handoff:
    """Take a handoff. Nothing happens when `by` has it already.

    Args:
        version: of the page on which the person decided; None: whatever it is now.

    Raises:
        HandoffNotFound: there is none.
        HandoffChanged: somebody else has it, or changed it since that version.
        TransitionRefused: it is resolved.
    """
    handoff = get(session, handoff_id)
    if handoff.state == "claimed":
        if handoff.claimed_by == by.id:
            return handoff
        raise _changed(session, handoff)
    values = {"state": "claimed", "claimed_by": by.id, "claimed_at": at, "snoozed_until": None}
    return _change(session, handoff, CLAIM, values, by=by, at=at, version=version)


def release(session: Session, handoff_id: str, *, by: Staff, at: datetime, version: int | None = None) -> Handoff:
    """Put a claimed or snoozed handoff back into the queue, for everybody. Raises as `claim`."""
    return _change(session, get(session, handoff_id), RELEASE, _WAITING, by=by, at=at, version=version)


def snooze(session: Session, handoff_id: str, *, by: Staff, at: datetime, until: datetime, version: int | None = None) -> Handoff:
    """Put a handoff aside until a moment in the future; it keeps who has claimed it. Raises as `claim`, and FormInvalid for the past."""
    if until <= at:
        raise FormInvalid("until", "Choose a time in the future.")
    values = {"state": "snoozed", "snoozed_until": until}
    return _change(session, get(session, handoff_id), SNOOZE, values, by=by, at=at, version=version)


def reopen(session: Session, handoff_id: str, *, by: Staff, at: datetime, version: int | None = None) -> Handoff:
    """Put a resolved handoff back into the queue. Raises as `claim`."""
    values = _WAITING | {"resolved_at": None, "outcome": None, "reopened_count": HANDOFFS.c.reopened_count + 1}
    return _change(session, get(session, handoff_id), REOPEN, values, by=by, at=at, version=version)


def resolve(session: Session, handoff_id: str, *, by: Staff, at: datetime, outcome: str, version: int | None = None) -> Handoff:
    """Close a handoff with one of OUTCOMES. Raises as `claim`, and FormInvalid for another outcome."""
    if outcome not in OUTCOMES:
        raise FormInvalid("outcome", "Choose an outcome from the list.")
    values = {"state": "resolved", "resolved_at": at, "outcome": outcome, "snoozed_until": None}
    return _change(session, get(session, handoff_id), RESOLVE, values, by=by, at=at, version=version)


def hand_back(session: Session, handoff_id: str, *, by: Staff, at: datetime, version: int | None = None) -> Handoff:
    """Close a handoff since the assistant takes the conversation over again. Raises as `claim`."""
    return resolve(session, handoff_id, by=by, at=at, outcome="handed_back", version=version)


def mark_called(session: Session, handoff_id: str, *, by: Staff, at: datetime, version: int | None = None) -> Handoff:
    """Note that the promised call was made; the state stays. Raises as `claim`."""
    return _change(session, get(session, handoff_id), CALL, {"called_at": at}, by=by, at=at, version=version)


def note(session: Session, handoff_id: str, *, by: Staff, text: str, at: datetime) -> HandoffNote:
    """Add a note for the other staff, in any state; `version` stays.

    Raises:
        HandoffNotFound: there is none.
        FormInvalid: the note is empty or longer than MAX_NOTE.
    """
    lines = "\n".join(filter(None, map(clean, text.splitlines())))
    if not 0 < len(lines) <= MAX_NOTE:
        raise FormInvalid("text", f"A note needs at least one and at most {MAX_NOTE:,} characters.")
    written = HandoffNote(handoff_id=get(session, handoff_id).id, staff_id=by.id, text=lines, at=at)
    session.add(written)
    _audit(session, handoff_id, "noted", by, at, {})
    return written


def first_reply(session: Session, handoff_id: str, *, by: Staff, at: datetime) -> None:
    """Note when staff first answered; only the first call counts, and `version` stays. Raises HandoffNotFound."""
    get(session, handoff_id)
    unanswered = update(HANDOFFS).where(HANDOFFS.c.id == handoff_id, HANDOFFS.c.first_reply_at.is_(None))
    if session.execute(unanswered.values(first_reply_at=at).returning(HANDOFFS.c.id)).all():
        _audit(session, handoff_id, "first_replied", by, at, {})


def wake_snoozed(session: Session, at: datetime) -> list[str]:
    """Put snoozed handoffs whose time has come back into the queue, for everybody; return their ids, at most 100 at a time."""
    slept = select(Handoff.id).where(Handoff.state == "snoozed", Handoff.snoozed_until <= at).order_by(Handoff.id).limit(WAKE_AT_ONCE)
    woken = []
    for handoff_id in session.scalars(slept).all():
        still = HANDOFFS.c.id == handoff_id, HANDOFFS.c.state == "snoozed", HANDOFFS.c.snoozed_until <= at
        if _set(session, still, _WAITING):
            _audit(session, handoff_id, "woken", None, at, {"from": "snoozed", "to": "waiting"})
            woken.append(handoff_id)
    return woken


def _change(
    session: Session, seen: Handoff, verb: Verb, values: dict[str, Any], *, by: Staff, at: datetime, version: int | None
) -> Handoff:
    """Change the handoff if it is still as `seen` and as the person saw it; then write the audit and the event."""
    if version is not None and version != seen.version:
        raise _changed(session, seen)
    if seen.state not in verb.states:
        raise TransitionRefused(seen.state, verb.name)
    before, asked = seen.state, seen.version if version is None else version
    if not _set(session, (HANDOFFS.c.id == seen.id, HANDOFFS.c.state == before, HANDOFFS.c.version == asked), values):
        raise _changed(session, get(session, seen.id))
    handoff = get(session, seen.id)
    details = {"from": before, "to": handoff.state, "version": handoff.version} | ({"outcome": handoff.outcome} if handoff.outcome else {})
    _audit(session, handoff.id, verb.done, by, at, details)
    if verb.done in _EVENTS:
        outbox.enqueue(session, handoff, _EVENTS[verb.done], outbox.targets_of(session, handoff.id), at)
    return handoff


def _set(session: Session, still: tuple[Any, ...], values: dict[str, Any]) -> bool:
    changed = update(HANDOFFS).where(*still).values(version=HANDOFFS.c.version + 1, **values).returning(HANDOFFS.c.id)
    return bool(session.execute(changed).all())


def _changed(session: Session, handoff: Handoff) -> HandoffChanged:
    name = session.scalar(select(Staff.name).where(Staff.id == handoff.claimed_by)) if handoff.claimed_by else None
    return HandoffChanged(handoff.state, name or "")


def _audit(session: Session, handoff_id: str, done: str, by: Staff | None, at: datetime, details: dict[str, Any]) -> None:
    staff_id = by.id if by else None
    action = f"handoff.{done}"
    audit.append(session, staff_id=staff_id, action=action, object_kind="handoff", object_id=handoff_id, details=details, at=at)
