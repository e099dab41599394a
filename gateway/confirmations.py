"""What a visitor reads once a handoff is committed."""

from desk.models import Handoff
from gateway.replies import Reply
from gateway.schemas import Kind
from knowledge.clinic import Clinic

CONSENT = (
    "I agree that {clinic} stores my name, my phone number or e-mail address, my wishes and this chat, to answer my request. "
    "I can have them erased at any time."
)


def confirmation(handoff: Handoff, clinic: Clinic) -> Reply:
    """Return the message with the reference, the promise, and what happens next."""
    parts = [
        f"Your request has reached the appointment staff of {clinic.name}. Your reference is {handoff.reference}.",
        handoff.promise,
        _next(handoff, clinic),
    ]
    if handoff.urgency != "routine":
        parts.append(f"If it gets worse, do not wait for us: call {clinic.emergency_number}.")
    return Reply(kind=Kind.HANDOFF, text="\n\n".join(parts))


def _next(handoff: Handoff, clinic: Clinic) -> str:
    if handoff.channel == "live":
        return "Stay on this page: whoever joins writes to you here, and has read what was said so far."
    return (
        f"Whoever contacts you has read what was said here, so you need not repeat it. If you cannot wait, call {clinic.phone} and "
        "give the reference. You can go on asking me questions here."
    )
