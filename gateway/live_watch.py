"""Tells visitors who wait for a person that nobody came in time. Nobody waits in silence."""

import asyncio

import structlog
from sqlalchemy.orm import Session

from database.base import now
from desk import escalation
from desk.escalation import Unmet
from gateway import conversations, lines, ownership
from gateway.errors import AccessRefused, StorageUnavailable
from gateway.hub import DESK, Hub
from gateway.schemas import Owner
from gateway.storage import Storage
from knowledge.clinic import Clinic

LOOK_SECONDS = 5.0

log = structlog.get_logger("gateway.live")


def give_up(session: Session, clinic: Clinic, minutes: int) -> list[Unmet]:
    """Commit that live chats nobody joined are calls now; the bot answers again, and the visitors are told."""
    unmet = escalation.give_up_live(session, clinic, minutes=minutes, at=now())
    for request in unmet:
        if conversations.lock(session, request.conversation_id).owner is Owner.WAITING:
            line = lines.nobody_came(minutes, request.reference, request.promise)
            ownership.set_owner(session, request.conversation_id, Owner.BOT, line)
    return unmet


async def watch_forever(storage: Storage, hub: Hub, clinic: Clinic, minutes: int) -> None:
    """Look every LOOK_SECONDS until cancelled. Several processes may look: each request is given up once."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await _look(storage, hub, clinic, minutes)
        except (StorageUnavailable, AccessRefused) as error:  # the second: erased at this moment; the rest is looked at again
            log.warning("live_watch_postponed", cause=type(error).__name__)


async def _look(storage: Storage, hub: Hub, clinic: Clinic, minutes: int) -> None:
    if not await storage.read(lambda session: escalation.is_anybody_waiting(session, minutes=minutes, at=now())):
        return
    for request in await storage.write(lambda session: give_up(session, clinic, minutes)):
        hub.notify(request.conversation_id)
        hub.notify(DESK)
