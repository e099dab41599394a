"""The JSON of handoffs in the chat API (docs/api.md)."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from gateway.schemas import HandoffChannel, MessageView, Owner, WishesView

MAX_FIELD = 8000
"""More does not fit into a body; what is too long for a field is said by the field's own check."""

Said = Annotated[str, Field(max_length=MAX_FIELD)]


class Lenient(BaseModel):
    """Unknown keys are let be: nobody's request for help fails on a key too many."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class WishesPost(Lenient):
    """Wishes from the card. Null or missing: as collected in the conversation; an empty text clears one."""

    visit_type: Said | None = None
    preferred_times: Said | None = None
    patient: Said | None = None
    insurer: Said | None = None
    about: Said | None = None


class HandoffPost(Lenient):
    """The contact card. The same `client_request_id` again gives the same reply. At least one of `phone` and `email`."""

    client_request_id: UUID
    name: Said
    phone: Said | None = None
    email: Said | None = None
    keep_email: bool = Field(default=False, description="the visitor has seen the suggestion, and keeps the address as typed")
    consent: bool
    channel: HandoffChannel = HandoffChannel.CALLBACK
    wishes: WishesPost | Said | None = Field(default=None, description="a text alone is what it is about")


class FiledView(BaseModel):
    """The handoff is committed. `channel` may differ from the one asked for: live chat needs somebody on duty."""

    reference: str
    promise: str
    channel: HandoffChannel
    messages: list[MessageView]


class Promises(BaseModel):
    """What would be promised now, by channel."""

    live: str
    callback: str
    appointment: str


class DraftView(BaseModel):
    """What the assistant has collected in the conversation."""

    channel: HandoffChannel
    wishes: WishesView


class OpenHandoffView(BaseModel):
    """A handoff of this conversation that is not resolved."""

    reference: str
    channel: HandoffChannel
    state: str
    promise: str


class HandoffOptions(BaseModel):
    """How the clinic can be asked now. `next_opening` is null while it is open."""

    channels: list[HandoffChannel]
    is_open: bool
    next_opening: str | None
    hours: str
    promises: Promises
    draft: DraftView | None
    consent: str
    owner: Owner
    handoff: OpenHandoffView | None
