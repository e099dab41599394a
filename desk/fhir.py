"""A handoff as FHIR R4 resources: a Task for a Patient, what was said as a Communication, and a proposed Appointment (docs/delivery.md).

Every resource goes through fhirclient's models, which know each element of R4, before it leaves.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fhirclient.models.bundle import Bundle

from desk.contact import Contact
from desk.models import Handoff
from knowledge.clinic import Clinic

SYSTEM = "urn:frontdesk:handoff"

_OUTCOMES = {"spam": "rejected", "not_needed": "cancelled", "no_answer": "failed"}
_STATES = {"waiting": "requested", "claimed": "accepted", "snoozed": "on-hold", "resolved": "completed"}
_PRIORITIES = {"urgent": "stat", "same_day": "urgent", "routine": "routine"}
_NEEDS_REASON = ("rejected", "cancelled", "failed", "on-hold")


def export(handoff: Handoff, contact: Contact | None, clinic: Clinic) -> dict[str, Any]:
    """Return a Bundle of type `collection` as JSON.

    Args:
        contact: None leaves out who it is; the Patient then has only the reference number.
    """
    resources = [_task(handoff, clinic), _patient(handoff, contact), _communication(handoff)]
    if handoff.channel == "appointment":
        resources.append(_appointment(handoff))
    entries = [{"fullUrl": f"urn:frontdesk:{each['resourceType']}:{each['id']}", "resource": each} for each in resources]
    bundle: dict[str, Any] = Bundle({"resourceType": "Bundle", "type": "collection", "entry": entries}).as_json()
    return bundle


def status_of(handoff: Handoff) -> str:
    """Return the Task's status."""
    return _OUTCOMES.get(handoff.outcome or "", _STATES[handoff.state])


def _task(handoff: Handoff, clinic: Clinic) -> dict[str, Any]:
    status = status_of(handoff)
    reason = {"statusReason": {"text": handoff.outcome or handoff.state}} if status in _NEEDS_REASON else {}
    period = {"executionPeriod": _period(handoff)} if handoff.promised_from or handoff.promised_until else {}
    return {
        "resourceType": "Task",
        "id": handoff.id,
        "identifier": [{"system": SYSTEM, "value": handoff.reference}],
        "status": status,
        "intent": "proposal",
        "priority": _PRIORITIES[handoff.urgency],
        "description": f"{handoff.channel}: {handoff.reason}",
        "for": _reference("Patient", handoff),
        "authoredOn": _instant(handoff.created_at),
        "lastModified": _instant(handoff.resolved_at or handoff.claimed_at or handoff.created_at),
        "requester": {"display": clinic.name},
    } | (reason | period)


def _patient(handoff: Handoff, contact: Contact | None) -> dict[str, Any]:
    patient: dict[str, Any] = {"resourceType": "Patient", "id": handoff.id, "identifier": [{"system": SYSTEM, "value": handoff.reference}]}
    if contact is None or not contact.name:
        return patient
    telecom = [{"system": "phone", "value": contact.phone}] if contact.phone else []
    telecom += [{"system": "email", "value": contact.email}] if contact.email else []
    return patient | {"name": [{"text": contact.name}], "telecom": telecom}


def _communication(handoff: Handoff) -> dict[str, Any]:
    """What the visitor was told and what stayed open; the chat itself stays in the desk."""
    told = [f"Answer shown: {shown['id']}, version {shown['version']}" for shown in handoff.answers_shown]
    lines = [*told, f"Questions without an answer: {len(handoff.unanswered)}", f"Promise: {handoff.promise}"]
    return {
        "resourceType": "Communication",
        "id": handoff.id,
        "status": "completed",
        "subject": _reference("Patient", handoff),
        "sent": _instant(handoff.created_at),
        "payload": [{"contentString": line} for line in lines],
    }


def _appointment(handoff: Handoff) -> dict[str, Any]:
    """Only ever proposed: nobody but the clinic books."""
    wished = {"requestedPeriod": [_period(handoff)]} if handoff.promised_from or handoff.promised_until else {}
    return {
        "resourceType": "Appointment",
        "id": handoff.id,
        "status": "proposed",
        "created": _instant(handoff.created_at),
        "participant": [{"actor": _reference("Patient", handoff), "status": "needs-action"}],
    } | wished


def _reference(kind: str, handoff: Handoff) -> dict[str, str]:
    return {"reference": f"{kind}/{handoff.id}"}


def _period(handoff: Handoff) -> dict[str, str]:
    ends = {"start": handoff.promised_from, "end": handoff.promised_until}
    return {name: _instant(at) for name, at in ends.items() if at is not None}


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
