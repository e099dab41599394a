"""The desk's side of a conversation, as tests of the gateway need it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from database.base import now
from database.engine import transaction
from desk import handoffs
from desk.models import Handoff, Staff
from gateway import live, ownership
from gateway.parts import Parts
from tests.gateway.visitor import Visitor

CARD = {"name": "Robin Example", "phone": "+1 312-555-0143", "consent": True}


def card(**more: Any) -> dict[str, Any]:
    """Return a contact card as a page posts it."""
    return {"client_request_id": str(uuid4())} | CARD | more


def file(visitor: Visitor, **more: Any) -> dict[str, Any]:
    """Return the reply to a contact card."""
    response = visitor.call("POST", "/handoffs", json=card(**more))
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


class Agent:
    """Somebody at the desk."""

    def __init__(self, parts: Parts, name: str = "Sam") -> None:
        self.parts = parts
        self.name = name
        with transaction(parts.storage.engine) as session:
            person = Staff(login=f"{name.lower()}-{uuid4().hex[:8]}", name=name, password_hash="-", role="agent")
            session.add(person)
            session.flush()
            self.id = person.id

    def goes_on_duty(self, until: datetime | None = None) -> None:
        self._set_duty(until or now() + timedelta(hours=4))

    def goes_off_duty(self) -> None:
        self._set_duty(None)

    def _set_duty(self, until: datetime | None) -> None:
        with transaction(self.parts.storage.engine) as session:
            session.execute(update(Staff).where(Staff.id == self.id).values(on_duty_until=until))

    def _do(self, visitor: Visitor, work: Callable[[Session, Handoff, Staff], None]) -> None:
        with transaction(self.parts.storage.engine) as session:
            work(session, handoff_of(session, visitor), session.get_one(Staff, self.id))

    def claims(self, visitor: Visitor) -> None:
        def work(session: Session, handoff: Handoff, person: Staff) -> None:
            ownership.on_claimed(session, handoffs.claim(session, handoff.id, by=person, at=now()), self.name)

        self._do(visitor, work)

    def releases(self, visitor: Visitor) -> None:
        def work(session: Session, handoff: Handoff, person: Staff) -> None:
            ownership.on_released(session, handoffs.release(session, handoff.id, by=person, at=now()), minutes=5)

        self._do(visitor, work)

    def resolves(self, visitor: Visitor, outcome: str = "answered") -> None:
        def work(session: Session, handoff: Handoff, person: Staff) -> None:
            done = handoffs.resolve(session, handoff.id, by=person, at=now(), outcome=outcome)
            ownership.on_resolved(session, done, outcome, self.name)

        self._do(visitor, work)

    def says(self, visitor: Visitor, text: str) -> None:
        with transaction(self.parts.storage.engine) as session:
            live.say(session, visitor.id, text, self.name)


def handoff_of(session: Session, visitor: Visitor) -> Handoff:
    """Return the newest handoff of a visitor."""
    own = select(Handoff).where(Handoff.conversation_id == visitor.id).order_by(Handoff.created_at.desc())
    handoff = session.scalars(own).first()
    assert handoff is not None
    return handoff


def stored(parts: Parts, visitor: Visitor) -> Handoff:
    """Return the newest handoff of a visitor, apart from any session."""
    with Session(parts.storage.engine, expire_on_commit=False) as session:
        handoff = handoff_of(session, visitor)
        session.expunge(handoff)
        return handoff


def count(parts: Parts, visitor: Visitor) -> int:
    """Return how many handoffs a visitor has."""
    with Session(parts.storage.engine) as session:
        return len(session.scalars(select(Handoff).where(Handoff.conversation_id == visitor.id)).all())
