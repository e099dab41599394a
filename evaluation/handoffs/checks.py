"""What must hold when everything is quiet again: nothing lost, nothing double, nothing invented."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from database.engine import transaction
from desk import audit, outbox
from desk.models import AuditEntry, Delivery, Handoff
from evaluation.handoffs.receivers import Received
from evaluation.handoffs.visitors import Told
from gateway.models import Message


@dataclass(frozen=True)
class Stored:
    """What the database holds.

    Attributes:
        references: of each handoff, by conversation and request id.
        events: ids of the events in the outbox, by target.
        waiting: deliveries that are not sent yet.
        confirmations: conversation and text of each message that tells of a handoff.
    """

    references: list[tuple[tuple[str | None, str], str]]
    events: set[str]
    waiting: int
    filed_entries: int
    breaks: list[str]
    confirmations: list[tuple[str, str]]


def read(engine: Engine) -> Stored:
    """Return what the database holds now."""
    with transaction(engine) as session:
        handoffs = session.scalars(select(Handoff)).all()
        deliveries = session.scalars(select(Delivery)).all()
        entries = session.scalars(select(AuditEntry.action)).all()
        return Stored(
            references=[((each.conversation_id, each.client_request_id), each.reference) for each in handoffs],
            events={each.id for each in deliveries if each.event == outbox.CREATED},
            waiting=sum(each.state != "sent" for each in deliveries),
            filed_entries=Counter(entries)["handoff.filed"],
            breaks=[str(each) for each in audit.verify(session)],
            confirmations=_confirmations(session),
        )


def _confirmations(session: Session) -> list[tuple[str, str]]:
    of_handoffs = select(Message.conversation_id, Message.text).where(Message.id.in_(select(Handoff.id)))
    return [(conversation_id, text) for conversation_id, text in session.execute(of_handoffs)]


def faults_of(told: Sequence[Told], stored: Stored, received: Received) -> list[str]:
    """Return what is not as it must be, in words; empty when all is well."""
    return [*_lost_or_double(told, stored), *_undelivered(stored, received), *_invented(told, stored, received), *stored.breaks]


def _lost_or_double(told: Sequence[Told], stored: Stored) -> list[str]:
    by_request, times = dict(stored.references), Counter(reference for _, reference in stored.references)
    requests = Counter(request for request, _ in stored.references)
    faults = [f"a visitor's request was filed {count} times" for count in requests.values() if count > 1]
    for each in told:
        for reference in set(each.references):
            if times[reference] != 1:
                faults.append(f"{reference}, which a visitor saw, exists {times[reference]} times")
            if by_request.get((each.conversation_id, each.request_id)) != reference:
                faults.append(f"{reference} belongs to another request than the visitor was told")
    confirmed = Counter(conversation_id for conversation_id, _ in stored.confirmations)
    faults += [
        f"a chat confirms its handoff {confirmed[each.conversation_id]} times" for each in told if confirmed[each.conversation_id] != 1
    ]
    return faults


def _undelivered(stored: Stored, received: Received) -> list[str]:
    by_webhook = {event["handoff"]["reference"] for event in received.events if event["event"] == outbox.CREATED}
    by_mail = set().union(*received.mails)
    known = {reference for _, reference in stored.references}
    faults = [f"{reference} never came by webhook" for reference in sorted(known - by_webhook)]
    faults += [f"{reference} never came by e-mail" for reference in sorted(known - by_mail)]
    return faults + ([f"{stored.waiting} deliveries are not marked as sent"] if stored.waiting else [])


def _invented(told: Sequence[Told], stored: Stored, received: Received) -> list[str]:
    known = {reference for _, reference in stored.references}
    asked = {(each.conversation_id, each.request_id) for each in told}
    faults = [f"{reference} was asked for by nobody" for request, reference in stored.references if request not in asked]
    faults += [f"an e-mail names {names or 'no reference'}" for names in received.mails if len(names) != 1 or not names <= known]
    for event in received.events:
        if event["handoff"]["reference"] not in known:
            faults.append(f"the event {event['event_id']} tells of a handoff that does not exist")
        if event["event"] == outbox.CREATED and event["event_id"] not in stored.events:
            faults.append(f"the event {event['event_id']} is not in the outbox")
    if stored.filed_entries != len(stored.references):
        faults.append(f"the audit has {stored.filed_entries} entries for {len(stored.references)} handoffs")
    return faults + ([f"{received.unsigned} events had a wrong signature"] if received.unsigned else [])
