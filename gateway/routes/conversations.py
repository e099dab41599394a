"""Starting and erasing a conversation."""

from fastapi import APIRouter, Response
from starlette.background import BackgroundTask

from gateway import conversations, erasures
from gateway.error_responses import documented
from gateway.parts import Address, PartsHere, VisitorHere
from gateway.replies import greeting
from gateway.schemas import ConversationStart, StartedConversation

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


@router.post("", status_code=201, responses=documented(429))
async def start_conversation(parts: PartsHere, address: Address, _body: ConversationStart | None = None) -> StartedConversation:
    """Start a conversation. The token is shown only here; the greeting is the first message."""
    await parts.limiter.count_conversation(address)
    return await parts.chat.start(greeting(parts.clinic, await parts.library.topics()))


@router.delete("/{conversation_id}", status_code=204, responses=documented(401))
async def erase_conversation(parts: PartsHere, visitor: VisitorHere) -> Response:
    """Erase all messages, the bot's memory and the comments. The token ends with it.

    Erased here before the reply; the bot is told right after it, and again until it has done so.
    """
    await parts.storage.write(lambda session: conversations.erase(session, visitor.conversation_id))
    parts.tokens.forget(visitor.conversation_id)
    parts.hub.notify(visitor.conversation_id)
    return Response(status_code=204, background=BackgroundTask(erasures.settle, parts.storage, parts.rasa))
