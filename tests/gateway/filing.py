"""Handoffs that visitors have filed, as tests of the desk need them."""

from uuid import uuid4

from sqlalchemy import select

from database.engine import transaction
from desk.models import AuditEntry, Handoff
from gateway.parts import Parts
from tests.gateway.visitor import Visitor

CONTACT = {"name": "Robin Vale", "phone": "+1 312 555 0142", "consent": True}


def filed(parts: Parts, visitor: Visitor, **more: object) -> str:
    """Return the id of a handoff that a visitor has just filed."""
    response = visitor.call("POST", "/handoffs", json={"client_request_id": str(uuid4())} | CONTACT | more)
    assert response.status_code == 201, response.text
    with transaction(parts.storage.engine) as session:
        return session.scalars(select(Handoff.id).filter_by(reference=response.json()["reference"])).one()


def actions(parts: Parts, handoff_id: str) -> list[str]:
    """Return what the audit says was done with a handoff, oldest first."""
    with transaction(parts.storage.engine) as session:
        return list(session.scalars(select(AuditEntry.action).filter_by(object_id=handoff_id).order_by(AuditEntry.id)))
