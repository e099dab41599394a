"""The worker that brings events to e-mail and webhook, wakes what was snoozed, and rings for what nobody has taken.

Each delivery is leased, sent, then marked: a worker that dies in between leaves a lease that ends, and the event is sent once more
with the same id. Any number of workers may run.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

from sqlalchemy import Engine, and_, or_, select, update
from sqlalchemy.orm import Session

from database.engine import transaction
from desk import audit, fhir, handoffs, mail, outbox, webhook
from desk.contact import Contact
from desk.delivery_settings import DeliverySettings
from desk.encryption import Sealer
from desk.errors import DeliveryFailed
from desk.models import Delivery, Handoff
from knowledge.clinic import Clinic

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
CHORE_SECONDS = 60.0
MOST_ALARMS = 100
"""Handoffs that ring in one round; the rest ring in the next one."""


@dataclass(frozen=True)
class Relay:
    """Delivers what is due. `clock` gives the present moment, in UTC."""

    engine: Engine
    settings: DeliverySettings
    clinic: Clinic
    sealer: Sealer
    clock: Callable[[], datetime]

    def run(self, stopped: Event) -> None:
        """Work until `stopped` is set; the attempt in hand is finished first."""
        next_chores = self.clock()
        while not stopped.is_set():
            if self.clock() >= next_chores:
                self.do_chores()
                next_chores = self.clock() + timedelta(seconds=CHORE_SECONDS)
            if not self.deliver_next():
                stopped.wait(IDLE_SECONDS)

    def deliver_next(self) -> bool:
        """Try the delivery that is due longest; False when none is due."""
        with transaction(self.engine) as session:
            delivery = outbox.take(session, self.clock())
            if delivery is None:
                return False
            handoff = handoffs.get(session, delivery.handoff_id)
            contact = handoffs.contact_of(handoff, self.sealer) if self.settings.webhook_contact else None
            session.expunge_all()
        self._try(delivery, handoff, contact)
        return True

    def _try(self, delivery: Delivery, handoff: Handoff, contact: Contact | None) -> None:
        try:
            self._send(delivery, handoff, contact)
        except DeliveryFailed as error:
            logger.warning("delivery failed: id=%s target=%s attempt=%s: %s", delivery.id, delivery.target, delivery.attempts, error)
            with transaction(self.engine) as session:
                outbox.mark_failed(session, delivery.id, reason=str(error), at=self.clock(), jitter=random.random())
        else:
            with transaction(self.engine) as session:
                outbox.mark_sent(session, delivery.id, self.clock())

    def _send(self, delivery: Delivery, handoff: Handoff, contact: Contact | None) -> None:
        if delivery.target not in self.settings.targets:
            raise DeliveryFailed(f"There are no settings for the target {delivery.target} any more.")
        if delivery.target == "email":
            mail.send(mail.message_of(delivery, handoff, self.settings, self.clinic.zone), self.settings)
        else:
            body = webhook.body_of(delivery, handoff, contact, self.settings)
            if self.settings.webhook_format == "fhir":
                body = fhir.export(handoff, contact, self.clinic)
            webhook.send(delivery, body, self.settings, self.clock())

    def do_chores(self) -> None:
        """Wake what was snoozed until now, and ring for handoffs that nobody has taken in time."""
        at = self.clock()
        with transaction(self.engine) as session:
            handoffs.wake_snoozed(session, at)
        with transaction(self.engine) as session:
            for handoff_id in self._unclaimed(session, at):
                self._ring(session, handoff_id, at)

    def _unclaimed(self, session: Session, at: datetime) -> list[str]:
        urgent = at - timedelta(minutes=self.settings.alarm_minutes_urgent)
        live = at - timedelta(minutes=self.settings.alarm_minutes_live)
        is_late = or_(
            and_(Handoff.urgency == "urgent", Handoff.created_at <= urgent),
            and_(Handoff.channel == "live", Handoff.created_at <= live),
            Handoff.promised_from <= at,
        )
        late = select(Handoff.id).where(Handoff.state == "waiting", Handoff.alarmed_at.is_(None), is_late)
        return list(session.scalars(late.order_by(Handoff.created_at).limit(MOST_ALARMS)))

    def _ring(self, session: Session, handoff_id: str, at: datetime) -> None:
        """One worker rings for a handoff: the one whose update finds it silent."""
        still = (Handoff.id == handoff_id, Handoff.state == "waiting", Handoff.alarmed_at.is_(None))
        if session.scalar(update(Handoff).where(*still).values(alarmed_at=at).returning(Handoff.id)) is None:
            return
        handoff = handoffs.get(session, handoff_id)
        outbox.enqueue(session, handoff, outbox.UNCLAIMED, outbox.targets_of(session, handoff_id), at)
        audit.append(session, staff_id=None, action="handoff.unclaimed", object_kind="handoff", object_id=handoff_id, at=at)
        logger.warning("handoff %s waits for somebody to take it", handoff.reference)
