"""Files a handoff: written down once, with its audit entry and its events, before anybody is told that it succeeded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from desk.contact import Contact
from desk.encryption import Sealer
from desk.models import Staff
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
    raise NotImplementedError
