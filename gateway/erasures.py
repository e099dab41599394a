"""Lets Rasa forget what is erased here; what could not be told at once is told later."""

import asyncio
from functools import partial

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gateway.errors import StorageUnavailable
from gateway.models import TrackerErasure
from gateway.rasa_client import RasaClient
from gateway.storage import Storage

RETRY_SECONDS = 30.0
BATCH = 50

log = structlog.get_logger("gateway.erasures")


def note(session: Session, conversation_id: str) -> None:
    """Commit that Rasa still has to forget this conversation."""
    session.merge(TrackerErasure(conversation_id=conversation_id))


async def settle(storage: Storage, rasa: RasaClient) -> None:
    """Tell Rasa what it has to forget, oldest first; what fails stays noted."""
    due = select(TrackerErasure.conversation_id).order_by(TrackerErasure.requested_at).limit(BATCH)
    for conversation_id in await storage.read(lambda session: session.scalars(due).all()):
        if not await rasa.erase(conversation_id):
            continue
        await storage.write(partial(_strike_out, conversation_id=conversation_id))


def _strike_out(session: Session, *, conversation_id: str) -> None:
    session.execute(delete(TrackerErasure).where(TrackerErasure.conversation_id == conversation_id))


async def settle_forever(storage: Storage, rasa: RasaClient) -> None:
    """Settle every RETRY_SECONDS until cancelled."""
    while True:
        try:
            await settle(storage, rasa)
        except StorageUnavailable:
            log.warning("erasures_postponed")
        await asyncio.sleep(RETRY_SECONDS)
