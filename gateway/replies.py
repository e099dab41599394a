"""What the bot says: Rasa's replies as they come in, and the sentences that the gateway has of its own."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from gateway.schemas import AnswerView, ContactCardView, HandoffChannel, Kind
from knowledge.clinic import Clinic
from language.redaction import NAMES

MAX_TOPICS = 8
_OFFERED_CARD = ContactCardView(channel=HandoffChannel.CALLBACK, opens=False)
"""The contact card works without Rasa, so it is offered where Rasa is not asked or does not answer."""


class Button(BaseModel):
    """A button with the payload that only Rasa and the gateway know."""

    title: Annotated[str, Field(min_length=1)]
    payload: Annotated[str, Field(min_length=1)]


class Reply(BaseModel):
    """One bot message before it is stored."""

    model_config = ConfigDict(use_enum_values=False)

    kind: Kind
    text: Annotated[str, Field(min_length=1)]
    buttons: list[Button] = []
    assumed: str | None = None
    answer: AnswerView | None = None
    contact_card: ContactCardView | None = None

    @field_validator("buttons", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return [] if value is None else value


class RasaReply(Reply):
    """A reply as Rasa's channel sends it; the gateway's own kinds cannot come from there."""

    kind: Literal[Kind.ANSWER, Kind.CLARIFY, Kind.NOT_COVERED, Kind.HANDOFF, Kind.SMALLTALK, Kind.TEXT, Kind.FORM]


class RasaReplies(BaseModel):
    """Rasa's whole reply. An empty one is a failure: a question always gets an answer."""

    messages: Annotated[list[RasaReply], Field(min_length=1)]


def greeting(clinic: Clinic, topics: list[str]) -> Reply:
    """Return the first message: who speaks, what it can answer, and what it is not for."""
    lines = [
        f"Hello. I am the automatic assistant of {clinic.name}, not a person.",
        f"I answer from approved texts: {' · '.join(topics)}." if topics else "",
        f"I do not give medical advice. Nobody watches this chat for emergencies: call {clinic.emergency_number}.",
    ]
    return Reply(kind=Kind.TEXT, text="\n\n".join(filter(None, lines)))


def with_numbers(reply: Reply, clinic: Clinic) -> Reply:
    """Return a reply of Rasa's own (domain.yml) with the clinic's numbers in place of their names in braces."""
    text = reply.text
    for name, number in clinic.numbers.items():
        text = text.replace(f"{{{name}}}", str(number))
    return reply if text == reply.text else reply.model_copy(update={"text": text})


def emergency(text: str) -> Reply:
    """Return what somebody who needs help now reads; `text` is the screen's. A person is offered beside it."""
    return Reply(kind=Kind.EMERGENCY, text=text, contact_card=_OFFERED_CARD)


def unavailable(clinic: Clinic, public_url: str) -> Reply:
    """Return what a visitor reads when the bot cannot answer: what to do now."""
    lines = [
        "I cannot answer at the moment. This is a fault on our side; your message is kept, and you need not type it again.",
        f"Please call us: [{clinic.phone}]({clinic.phone_link}). Or write to us with the [contact form]({clinic.contact_place}).",
        f"All answers can also be read on [one page]({public_url}/faq).",
        f"In an emergency call {clinic.emergency_number}.",
    ]
    return Reply(kind=Kind.UNAVAILABLE, text="\n\n".join(lines), contact_card=_OFFERED_CARD)


def removed(kinds: Sequence[str], *, offers_card: bool) -> Reply:
    """Return why something of the visitor's message is missing, and where it can be left instead.

    Args:
        kinds: of what was taken out (`language.redaction`); at least one.
        offers_card: the contact card is offered beside it; False where another message offers it, or must not be drowned.
    """
    names = [f"{'an' if NAMES[kind][0] in 'aeiou' else 'a'} {NAMES[kind]}" for kind in kinds]
    listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    text = (
        f"To protect you, I took {listed} out of your message, and did not keep it. Please do not write such things here. "
        "If the clinic is to contact you, use the contact form: it is encrypted, and only the appointment staff read it."
    )
    return Reply(kind=Kind.HANDOFF, text=text, contact_card=_OFFERED_CARD) if offers_card else Reply(kind=Kind.TEXT, text=text)
