"""Asking for a person: what is possible, the contact card, and the visitor's typing."""

from fastapi import APIRouter, Response

from desk import drafts
from gateway import handoffs
from gateway.error_responses import documented
from gateway.handoff_schemas import FiledView, HandoffOptions, HandoffPost
from gateway.hub import DESK
from gateway.parts import PartsHere, VisitorHere

router = APIRouter(prefix="/api/conversations/{conversation_id}", tags=["handoffs"])


@router.post("/handoffs", status_code=201, responses=documented(401, 409))
async def file_handoff(body: HandoffPost, parts: PartsHere, visitor: VisitorHere) -> FiledView:
    """File what the visitor asks of the clinic. Nobody is told of a reference before it is committed. Works without the bot."""
    conversation_id = visitor.conversation_id
    await parts.limiter.count_request(conversation_id, visitor.address)
    request_id = str(body.client_request_id)
    if await parts.storage.read(lambda session: handoffs.find(session, conversation_id, request_id)) is None:
        await parts.limiter.count_handoff(conversation_id, visitor.address)
    filed = await parts.storage.write(lambda session: parts.filing.file(session, conversation_id, body))
    parts.metrics.handoffs.labels(filed.channel).inc()
    parts.hub.notify(conversation_id)
    parts.hub.notify(DESK)
    return filed


@router.get("/handoff-options", responses=documented(401))
async def read_handoff_options(parts: PartsHere, visitor: VisitorHere) -> HandoffOptions:
    """Say how the clinic can be asked now, what was collected so far, and what to agree to."""
    return await parts.storage.read(lambda session: parts.filing.options(session, visitor.conversation_id))


@router.delete("/handoff-draft", status_code=204, responses=documented(401))
async def discard_draft(parts: PartsHere, visitor: VisitorHere) -> Response:
    """Forget the wishes that were collected."""
    await parts.limiter.count_request(visitor.conversation_id, visitor.address)
    await parts.storage.write(lambda session: drafts.discard(session, visitor.conversation_id))
    return Response(status_code=204)


@router.post("/typing", status_code=204, responses=documented(401))
async def note_typing(parts: PartsHere, visitor: VisitorHere) -> Response:
    """Tell staff who have the conversation open that the visitor is typing. Nothing is stored."""
    await parts.limiter.count_request(visitor.conversation_id, visitor.address)
    parts.hub.note_typing(visitor.conversation_id, "visitor")
    return Response(status_code=204)
