"""Whether the process lives, and whether its parts are ready."""

from fastapi import APIRouter, Response
from sqlalchemy import text

from gateway.errors import StorageUnavailable
from gateway.parts import Parts, PartsHere
from gateway.schemas import Health, Readiness

router = APIRouter(prefix="/api", tags=["health"])


@router.get("/health")
async def read_health() -> Health:
    """Answer while the process runs. Load balancers ask here: without Rasa the gateway still helps visitors."""
    return Health()


@router.get("/ready", responses={503: {"model": Readiness, "description": "A part is not ready."}})
async def read_readiness(parts: PartsHere, response: Response) -> Readiness:
    """Say of each part whether it is ready. 503 unless all are: then questions are answered."""
    states = await _states(parts)
    is_ready = all(state == "ok" for state in states.values())
    response.status_code = 200 if is_ready else 503
    return Readiness(status="ready" if is_ready else "not_ready", parts=states)


async def _states(parts: Parts) -> dict[str, str]:
    database = await _database_state(parts)
    return {
        "gateway": "closing" if parts.hub.is_closing else "ok",
        "database": database,
        "knowledge": await _knowledge_state(parts) if database == "ok" else "unknown",
        "rasa": "ok" if await parts.rasa.is_up() else "down",
        "actions": "ok" if await parts.actions.is_ready() else "down",
    }


async def _database_state(parts: Parts) -> str:
    try:
        await parts.storage.read(lambda session: session.execute(text("SELECT 1")).one())
    except StorageUnavailable:
        return "down"
    return "ok"


async def _knowledge_state(parts: Parts) -> str:
    try:
        return "ok" if await parts.library.published() else "nothing_published"
    except StorageUnavailable:
        return "unknown"
