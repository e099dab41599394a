"""Finds, exports and erases what is stored about one person, at that person's request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import phonenumbers
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from database.engine import transaction
from database.vacuum import wipe_free_space
from desk import audit, chats, handoffs
from desk.encryption import Sealer
from desk.models import NO_CONTACT, Delivery, Handoff
from desk.retention import erase_handoffs

BATCH = 500
"""Contacts that are opened at a time; they are sealed, so a phone number can only be found by looking into each."""

By = Literal["reference", "phone", "email", "conversation"]


@dataclass(frozen=True)
class Sought:
    """By what a person is looked for: a reference number (that handoff and its conversation), a phone number or an e-mail address
    (all handoffs with it), or a conversation's id. People who share a phone are one person here.
    """

    by: By
    value: str
    region: str = "US"

    @property
    def comparable(self) -> str:
        """The value in the form in which it is stored; unreadable phone numbers are compared as written."""
        if self.by == "phone":
            return _e164(self.value, self.region)
        return self.value.strip().casefold() if self.by == "email" else self.value.strip()


@dataclass(frozen=True)
class Person:
    """Where a person's data is. Both empty: nothing is stored."""

    handoff_ids: tuple[str, ...]
    conversation_ids: tuple[str, ...]


@dataclass(frozen=True)
class Receipt:
    """What was erased, without any personal data.

    Attributes:
        digest: of what the person was sought by; the audit names the person by it.
        rows: of each table that were deleted, or emptied of what was personal.
        open_handoffs: erased ones that nobody had resolved.
        sent: messages about these handoffs that had left for e-mail or webhook; who received them has to erase them there.
    """

    erased_at: datetime
    by: By
    digest: str
    rows: dict[str, int]
    open_handoffs: int
    sent: dict[str, int]


@dataclass(frozen=True)
class _Found:
    id: str
    conversation_id: str | None

    @classmethod
    def of(cls, handoff: Handoff) -> _Found:
        return cls(handoff.id, handoff.conversation_id)


def find(session: Session, sealer: Sealer, sought: Sought) -> Person:
    """Return where the data of a person is.

    Raises:
        HandoffNotFound: no handoff has this reference.
        EncryptionKeyMissing: a contact cannot be opened, so nobody can say whose it is.
    """
    found = list(_handoffs(session, sealer, sought))
    conversations = {each.conversation_id for each in found if each.conversation_id}
    if sought.by == "conversation":
        conversations.add(sought.comparable)
    return Person(tuple(each.id for each in found), tuple(sorted(conversations)))


def _handoffs(session: Session, sealer: Sealer, sought: Sought) -> Iterator[_Found]:
    if sought.by == "reference":
        yield _Found.of(handoffs.by_reference(session, sought.comparable))
    elif sought.by == "conversation":
        yield from map(_Found.of, handoffs.of_conversation(session, sought.comparable))
    else:
        yield from _with_contact(session, sealer, sought)


def _with_contact(session: Session, sealer: Sealer, sought: Sought) -> Iterator[_Found]:
    columns = select(Handoff.id, Handoff.conversation_id, Handoff.contact).where(Handoff.contact != NO_CONTACT).order_by(Handoff.id)
    rows = session.execute(columns.where(Handoff.id > "").limit(BATCH)).all()
    while rows:
        yield from (_Found(row.id, row.conversation_id) for row in rows if _is_of(sealer.open(row.contact), sought))
        rows = session.execute(columns.where(Handoff.id > rows[-1].id).limit(BATCH)).all()


def _is_of(contact: dict[str, Any], sought: Sought) -> bool:
    stored = str(contact.get(sought.by) or "")
    return bool(stored) and (stored.casefold() if sought.by == "email" else stored) == sought.comparable


def _e164(text: str, region: str) -> str:
    try:
        return phonenumbers.format_number(phonenumbers.parse(text, region), phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        return text.strip()


def erase(session: Session, sealer: Sealer, sought: Sought, *, at: datetime, staff_id: int | None = None) -> Receipt:
    """Delete everything about a person from every table, and write an audit entry that names only a digest.

    Rasa forgets the conversations within a minute (`tracker_erasures`). Whoever calls this calls `wipe_free_space` after the commit.
    Raises as `find`.
    """
    person = find(session, sealer, sought)
    is_open = select(func.count()).where(Handoff.id.in_(person.handoff_ids), Handoff.state != "resolved")
    open_handoffs = session.scalar(is_open) or 0
    sent = _sent(session, person)
    rows = chats.erase(session, person.conversation_ids, at=at, keep_texts=False) + erase_handoffs(session, person.handoff_ids)
    receipt = Receipt(at, sought.by, sealer.digest(sought.comparable), dict(rows), open_handoffs, sent)
    details = {"by": sought.by, "rows": receipt.rows, "open_handoffs": open_handoffs}
    audit.append(session, staff_id=staff_id, action="person.erased", object_kind="person", object_id=receipt.digest, details=details, at=at)
    return receipt


def erase_person(engine: Engine, sealer: Sealer, sought: Sought, *, at: datetime, staff_id: int | None = None) -> Receipt:
    """Erase in a transaction of its own, then take the deleted rows out of the files too. Raises as `find`."""
    with transaction(engine) as session:
        receipt = erase(session, sealer, sought, at=at, staff_id=staff_id)
    wipe_free_space(engine)
    return receipt


def _sent(session: Session, person: Person) -> dict[str, int]:
    targets = session.scalars(select(Delivery.target).where(Delivery.handoff_id.in_(person.handoff_ids), Delivery.state == "sent"))
    return dict(Counter(targets))
