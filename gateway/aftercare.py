"""What the bot says in the turn after an emergency: the number to call once more, and no offer of an appointment."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.models import Message
from gateway.replies import Reply
from gateway.schemas import Kind, Sender
from gateway.turns import Question
from knowledge.clinic import Clinic

APPOINTMENT = "/choose_appointment"
"""The payload of the button that begins a request for an appointment (actions/offering.py)."""


def without_offers(session: Session, question: Question, replies: list[Reply], clinic: Clinic) -> list[Reply]:
    """Return the replies; where the bot's last message was an emergency, an offer of a person becomes a reminder of the number."""
    if not any(_is_offer(reply) for reply in replies) or not _follows_emergency(session, question):
        return replies
    return [_reminder(reply, clinic) if _is_offer(reply) else reply for reply in replies]


def _is_offer(reply: Reply) -> bool:
    return any(button.payload == APPOINTMENT for button in reply.buttons)


def _follows_emergency(session: Session, question: Question) -> bool:
    said = select(Message.kind).where(Message.conversation_id == question.conversation_id, Message.seq < question.seq)
    return session.scalar(said.where(Message.sender == Sender.BOT).order_by(Message.seq.desc()).limit(1)) == Kind.EMERGENCY


def _reminder(reply: Reply, clinic: Clinic) -> Reply:
    lines = [
        f"If you need help now, call {clinic.emergency_number}. Do not wait for this chat.",
        f"The clinic's number is {clinic.phone}.",
    ]
    buttons = [button for button in reply.buttons if button.payload != APPOINTMENT]
    return reply.model_copy(update={"text": "\n\n".join(lines), "buttons": buttons})
