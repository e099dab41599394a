"""A desk with its database, its clinic and two agents."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from database.engine import open_database, transaction
from desk import handoffs
from desk.contact import Contact
from desk.encryption import Sealer, new_key
from desk.handoffs import Filed, NewHandoff
from desk.models import AuditEntry, Handoff, Staff
from knowledge.clinic import Clinic, read_clinic

MakeHandoff = Callable[..., str]
NOON = datetime(2026, 11, 23, 18, tzinfo=UTC)
"""A Monday at noon in Chicago, when the example clinic begins its lunch break."""

KEY = new_key()
CONTACT = Contact(name="Ann Example", phone="+13125550142")


class Office:
    """Does one thing in one transaction, as the gateway does."""

    def __init__(self, engine: Engine, clinic: Clinic, sealer: Sealer) -> None:
        self.engine = engine
        self.clinic = clinic
        self.sealer = sealer
        self.nurse = Staff(id=1, login="nurse", name="Nora Nurse", password_hash="-", role="agent")
        self.clerk = Staff(id=2, login="clerk", name="Carl Clerk", password_hash="-", role="agent")
        self._numbers = count(1)

    def do[T](self, work: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Return what `work(session, …)` returns; objects stay readable."""
        with transaction(self.engine) as session:
            session.expire_on_commit = False
            return work(session, *arguments, **named)

    def act(self, verb: Callable[..., Handoff], handoff_id: str, by: Staff | None = None, **named: Any) -> Handoff:
        return self.do(verb, handoff_id, by=by or self.nurse, at=named.pop("at", NOON), **named)

    def hand_over(self, new: NewHandoff, *, at: datetime = NOON, targets: tuple[str, ...] = ("email", "webhook"), **named: Any) -> Filed:
        return self.do(handoffs.file, new, clinic=self.clinic, sealer=self.sealer, targets=targets, at=at, **named)

    def file(self, *, at: datetime = NOON, targets: tuple[str, ...] = ("email", "webhook"), **named: Any) -> str:
        return self.hand_over(self.wish(**named), at=at, targets=targets).handoff_id

    def wish(self, **named: Any) -> NewHandoff:
        number = next(self._numbers)
        given = {"client_request_id": f"request-{number}", "conversation_id": f"conversation-{number}", "channel": "callback"}
        return NewHandoff(**{"reason": "requested", "contact": CONTACT, "consent_at": NOON, **given, **named})

    def get(self, handoff_id: str) -> Handoff:
        return self.do(handoffs.get, handoff_id)

    def actions(self) -> list[str]:
        return self.do(lambda session: list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))))

    def count(self, model: Any) -> int:
        return len(self.do(lambda session: session.scalars(select(model)).all()))

    def session(self) -> Session:
        return Session(self.engine)

    @staticmethod
    def with_new_key() -> Sealer:
        """Return a sealer with a fresh key in front of the one that was used so far."""
        return Sealer([new_key(), KEY])

    @classmethod
    def on_copy_of(cls, prepared: Path, folder: Path) -> Self:
        """Return an office on an SQLite file of its own."""
        engine = open_database(f"sqlite:///{shutil.copy(prepared, folder / 'desk.db')}")
        office = cls(engine, read_clinic(Path("data/clinic.yml")), Sealer([KEY]))
        office.do(lambda session: session.add_all([office.nurse, office.clerk]))
        return office
