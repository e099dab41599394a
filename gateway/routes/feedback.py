"""Feedback on a reply."""

from fastapi import APIRouter

from gateway import feedback
from gateway.error_responses import documented
from gateway.parts import PartsHere, VisitorHere
from gateway.schemas import FeedbackPost, FeedbackView
from gateway.text_gate import read_visitor_text

router = APIRouter(prefix="/api/conversations/{conversation_id}", tags=["feedback"])


@router.post("/feedback", responses=documented(401, 404))
async def post_feedback(body: FeedbackPost, parts: PartsHere, visitor: VisitorHere) -> FeedbackView:
    """Store whether a bot message helped; again for the same message replaces it."""
    await parts.limiter.count_request(visitor.conversation_id, visitor.address)
    comment = read_visitor_text(body.comment, keep=parts.clinic.numbers.values()) if body.comment else None
    return await parts.storage.write(
        lambda session: feedback.store(session, visitor.conversation_id, body.message_id, helpful=body.helpful, comment=comment)
    )
