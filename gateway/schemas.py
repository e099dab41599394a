"""The JSON of the chat API (docs/api.md)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

MAX_BODY_BYTES = 8192
OPTIONAL = {"client_message_id", "reply_to", "contact_card"}
MAX_TEXT_IN = 8000
"""Longer texts are over MAX_BODY_BYTES anyway; what is too long to ask is decided after cleaning."""


class Owner(StrEnum):
    """Who answers in a conversation."""

    BOT = "bot"
    WAITING = "waiting"
    STAFF = "staff"


class Sender(StrEnum):
    """Who wrote a message."""

    VISITOR = "visitor"
    BOT = "bot"
    STAFF = "staff"
    SYSTEM = "system"


class Kind(StrEnum):
    """What a message is."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    NOT_COVERED = "not_covered"
    EMERGENCY = "emergency"
    HANDOFF = "handoff"
    FORM = "form"
    SMALLTALK = "smalltalk"
    TEXT = "text"
    UNAVAILABLE = "unavailable"


class HandoffChannel(StrEnum):
    """How somebody of the clinic is to answer."""

    LIVE = "live"
    CALLBACK = "callback"
    APPOINTMENT = "appointment"


class Strict(BaseModel):
    """Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceView(BaseModel):
    """Where an answer comes from. `url` is null for a document that is not on the web."""

    title: str
    url: str | None = None
    read_on: date


class AnswerView(BaseModel):
    """The card of an approved answer. `reviewed_on` is null until the clinic has reviewed it."""

    id: str
    version: int
    topic: str
    procedures: list[str]
    title: str
    reviewed_on: date | None
    review_due_on: date
    sources: list[SourceView]


class ButtonView(BaseModel):
    """A quick reply. `payload` is an opaque id: post it back as `payload`."""

    title: str
    payload: str


class WishesView(BaseModel):
    """What a visitor would like; null where nothing was said."""

    visit_type: Literal["in_person", "virtual"] | None = None
    preferred_times: str | None = None
    patient: Literal["new", "returning"] | None = None
    insurer: str | None = None
    about: str | None = None


class ContactCardView(BaseModel):
    """The page can ask for name, phone or e-mail and consent, and post them as a handoff.

    `opens`: ask at once; else offer it with a button, since the text comes first. `promise_preview`: what would be promised now.
    """

    channel: HandoffChannel
    wishes: WishesView = WishesView()
    promise_preview: str | None = None
    opens: bool = True


class MessageView(BaseModel):
    """One message, as everybody sees it.

    `client_message_id` is present on the visitor's messages, so that a page knows its own again; `reply_to` on
    replies, so that it can put each where it belongs; `contact_card` where the page can ask for name and contact.
    """

    id: str
    sender: Sender
    kind: Kind
    text: str
    at: datetime
    buttons: list[ButtonView] = []
    assumed: str | None = None
    answer: AnswerView | None = None
    client_message_id: str | None = None
    reply_to: str | None = None
    contact_card: ContactCardView | None = None

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, serialise: SerializerFunctionWrapHandler) -> dict[str, object]:
        written: dict[str, object] = serialise(self)
        return {key: value for key, value in written.items() if value is not None or key not in OPTIONAL}


class ConversationStart(Strict):
    """Nothing is needed to start a conversation."""


class StartedConversation(BaseModel):
    """The token is shown once; it opens this conversation only."""

    conversation_id: str
    token: str
    messages: list[MessageView]


class MessagePost(Strict):
    """Either `text` or `payload` of a button. The same `client_message_id` again gives the same reply."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT_IN)] | None = None
    payload: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    client_message_id: UUID

    @model_validator(mode="after")
    def _one_of_both(self) -> "MessagePost":
        if (self.text is None) == (self.payload is None):
            raise ValueError("give either text or payload")
        return self


class Messages(BaseModel):
    """Messages in order."""

    messages: list[MessageView]


class History(Messages):
    """`has_more`: ask again with `after` set to the last id."""

    has_more: bool


class FeedbackPost(Strict):
    """Whether a bot message helped; again for the same message replaces it."""

    message_id: Annotated[str, Field(min_length=1, max_length=64)]
    helpful: bool
    comment: Annotated[str, Field(max_length=MAX_TEXT_IN)] | None = None


class FeedbackView(BaseModel):
    """What was stored."""

    message_id: str
    helpful: bool
    comment: str | None


class ErrorDetail(BaseModel):
    """`code` is for programs and stays; `message` is a sentence for people.

    `field` names the field of a form that it is about, `suggestion` what to write there instead.
    """

    code: str
    message: str
    field: str | None = None
    suggestion: str | None = None


class ErrorBody(BaseModel):
    """Every refusal has this form."""

    error: ErrorDetail


class Health(BaseModel):
    """The process runs."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """`ready` when each part is `ok`; else the status is 503."""

    status: Literal["ready", "not_ready"]
    parts: dict[str, str]
