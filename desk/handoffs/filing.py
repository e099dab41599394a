"""Files a handoff: written down once, with its audit entry and its events, before anybody is told that it succeeded."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.ids import CROCKFORD, new_ulid
from database.locks import hold
from desk import audit, outbox
from desk.contact import Contact
from desk.encryption import Sealer
from desk.models import Handoff, Staff
from desk.opening import Promise, promise
from desk.wishes import Wishes
from knowledge.clinic import Clinic

SAME_WISH = timedelta(hours=24)
"""Within this time the same content from the same conversation is the same handoff, unless that one is resolved."""


@dataclass(frozen=True)
class NewHandoff:
    """What is to be filed: the whole story.

    Attributes:
        client_request_id: made by the page; the same one again is the same handoff.
        channel: `live`, `callback` or `appointment`. reason, urgency: as in `desk.models`.
        consent_at: when the person agreed that the clinic may use the contact.
        conversation_id: None for a caller on the phone.
        answers_shown: id, version and title of each. unanswered: questions without an answer.
        transcript: sender, kind, text and at of each message of this episode.
    """

    client_request_id: str
    channel: str
    reason: str
    contact: Contact
    consent_at: datetime
    urgency: str = "routine"
    conversation_id: str | None = None
    topic: str | None = None
    procedure: str | None = None
    wishes: Wishes = field(default_factory=Wishes)
    answers_shown: Sequence[dict[str, Any]] = ()
    unanswered: Sequence[str] = ()
    transcript: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True)
class Filed:
    """A handoff that will be there once the transaction commits. `is_new` is false when it was there already."""

    handoff_id: str
    reference: str
    promise: str
    is_new: bool


def file(
    session: Session, new: NewHandoff, *, clinic: Clinic, sealer: Sealer, targets: Iterable[str], at: datetime, by: Staff | None = None
) -> Filed:
    """Write a handoff down with its audit entry and one event for each target, or return the one that is there already.

    Tell the visitor only after the transaction has committed to the disk (`gateway.storage.Storage.write`).

    Args:
        targets: `email`, `webhook`, both or none.
        by: who files it for a caller; None for a visitor.
    """
    hold(session, f"handoffs of {new.conversation_id or new.client_request_id}")
    digests = sealer.digests(_content(new))
    known = _same_request(session, new) or _same_content(session, new, digests, at)
    if known:
        return Filed(known.id, known.reference, known.promise, is_new=False)
    handoff = _row(session, new, clinic, sealer, digests[0], at)
    session.add(handoff)
    session.flush()
    outbox.enqueue(session, handoff, outbox.CREATED, targets, at)
    _note(session, handoff, by, at)
    return Filed(handoff.id, handoff.reference, handoff.promise, is_new=True)


def _same_request(session: Session, new: NewHandoff) -> Handoff | None:
    return session.scalar(select(Handoff).filter_by(conversation_id=new.conversation_id, client_request_id=new.client_request_id))


def _same_content(session: Session, new: NewHandoff, digests: tuple[str, ...], at: datetime) -> Handoff | None:
    if new.conversation_id is None:
        return None
    alike = select(Handoff).filter_by(conversation_id=new.conversation_id).where(Handoff.content_digest.in_(digests))
    return session.scalar(alike.where(Handoff.created_at > at - SAME_WISH, Handoff.state != "resolved").limit(1))


def _content(new: NewHandoff) -> str:
    """What makes two handoffs the same wish; the moments that were computed from the words change from day to day."""
    wishes = new.wishes.model_dump(mode="json", exclude={"confirmed_times", "from_", "until"})
    said = [new.channel, new.reason, new.urgency, new.topic, new.procedure, wishes, new.contact.model_dump()]
    return json.dumps(said, sort_keys=True)


def _row(session: Session, new: NewHandoff, clinic: Clinic, sealer: Sealer, digest: str, at: datetime) -> Handoff:
    promised = _promise(new, clinic, at)
    return Handoff(
        id=new_ulid(),
        reference=_new_reference(session),
        conversation_id=new.conversation_id,
        client_request_id=new.client_request_id,
        content_digest=digest,
        channel=new.channel,
        reason=new.reason,
        urgency=new.urgency,
        topic=new.topic,
        procedure=new.procedure,
        wishes=new.wishes.as_json(),
        answers_shown=list(new.answers_shown),
        unanswered=list(new.unanswered),
        transcript=list(new.transcript),
        contact=sealer.seal(new.contact.model_dump(exclude_none=True)),
        consent_at=new.consent_at,
        promise=promised.text,
        promised_from=promised.start,
        promised_until=promised.end,
        created_at=at,
    )


def _promise(new: NewHandoff, clinic: Clinic, at: datetime) -> Promise:
    wished = (new.wishes.from_, new.wishes.until)
    preferred = (wished[0], wished[1]) if wished[0] and wished[1] else None
    return promise(clinic, at, new.channel, reach="phone" if new.contact.phone else "email", preferred=preferred)


def _new_reference(session: Session) -> str:
    """Return a reference that no handoff has: 40 random bits, so that nobody finds another's by trying."""
    while True:
        letters = "".join(secrets.choice(CROCKFORD) for _ in range(8))
        reference = f"FD-{letters[:4]}-{letters[4:]}"
        if session.scalar(select(Handoff.id).filter_by(reference=reference)) is None:
            return reference


def _note(session: Session, handoff: Handoff, by: Staff | None, at: datetime) -> None:
    details = {"channel": handoff.channel, "reason": handoff.reason, "urgency": handoff.urgency}
    staff_id = by.id if by else None
    audit.append(session, staff_id=staff_id, action="handoff.filed", object_kind="handoff", object_id=handoff.id, details=details, at=at)
