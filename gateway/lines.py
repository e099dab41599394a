"""What the visitor is told when a handoff changes hands. Each line says what happens next."""


def waiting(minutes: int) -> str:
    """A person was asked to join, and nobody has come yet."""
    return (
        "I have asked the appointment staff to join this chat. They read what you write here, and I keep quiet. "
        f"If nobody has joined in {minutes} minutes, I tell you here."
    )


def joined(name: str) -> str:
    """A member of staff has the chat now."""
    return f"{name} from the clinic has joined this chat and answers you here. The automatic assistant keeps quiet."


def claimed(name: str, promise: str) -> str:
    """A member of staff takes care of a request that is not live."""
    return f"{name} from the clinic takes care of your request now. {promise}"


def released(minutes: int) -> str:
    """Whoever had the live chat has left it, and others are asked."""
    return (
        "Your chat is waiting for another person of the clinic. What you have written is kept, and you need not repeat it. "
        f"If nobody has joined in {minutes} minutes, I tell you here."
    )


def put_back(reference: str, promise: str) -> str:
    """A request that is not live waits again for somebody."""
    return f"Your request {reference} is passed on to another person of the clinic. {promise}"


def snoozed(reference: str) -> str:
    """Staff come back to the request later."""
    return f"Your request {reference} is kept, and the clinic comes back to it. You need not ask again."


def called(reference: str) -> str:
    """Staff have noted that they called."""
    return f"The clinic has called you about your request {reference}. If you missed the call, somebody tries again, or you can call us."


_RESOLVED = {
    "booked": "Your visit is arranged.",
    "called": "The clinic has spoken with you.",
    "answered": "The clinic has answered you.",
    "no_answer": "The clinic could not reach you. Please ask again, or call us.",
}


def resolved(reference: str, outcome: str) -> str:
    """The request is finished; the assistant answers again."""
    said = _RESOLVED.get(outcome, "The clinic has finished with it.")
    return (
        f"Your request {reference} is closed. {said} The automatic assistant answers here again, and you can ask for a person at any time."
    )


def reopened(reference: str) -> str:
    """A finished request is taken up again."""
    return f"The clinic has taken up your request {reference} again. Somebody gets in touch with you."


def handed_back(name: str | None = None) -> str:
    """A person has left the chat, and the assistant answers again."""
    who = f"{name} has left this chat." if name else "The person of the clinic has left this chat."
    return f"{who} The automatic assistant answers here again. You can ask for a person at any time."


def nobody_came(minutes: int, reference: str, promise: str) -> str:
    """Nobody has joined a live chat in time."""
    return (
        f"I am sorry: nobody could join this chat within {minutes} minutes. Your request {reference} is kept, and becomes a call instead. "
        f"{promise} Until then I answer your questions here again. If you do not want the call, say so when we reach you."
    )
