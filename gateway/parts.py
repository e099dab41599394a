"""The parts of one app, made once and handed to the routes."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from jinja2 import Environment

from desk.encryption import Sealer
from desk.settings import DeskSettings
from gateway.action_server import ActionServer
from gateway.chat import Chat
from gateway.desk.lookups import Lookups
from gateway.errors import AccessRefused
from gateway.handoffs import Filing
from gateway.hub import Hub
from gateway.library import Library
from gateway.limiting import Limiter
from gateway.metrics import Metrics
from gateway.rasa_client import RasaClient
from gateway.settings import Settings
from gateway.storage import Storage
from gateway.tokens import TokenCheck
from knowledge.clinic import Clinic


@dataclass(frozen=True)
class Parts:
    """What the routes work with."""

    settings: Settings
    clinic: Clinic
    storage: Storage
    tokens: TokenCheck
    rasa: RasaClient
    actions: ActionServer
    hub: Hub
    limiter: Limiter
    metrics: Metrics
    library: Library
    lookups: Lookups
    chat: Chat
    desk: DeskSettings
    sealer: Sealer
    filing: Filing
    templates: Environment


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


PartsHere = Annotated[Parts, Depends(_parts)]
Credentials = Annotated[
    HTTPAuthorizationCredentials | None,
    Depends(HTTPBearer(auto_error=False, description="The token of this conversation, from its start.")),
]


@dataclass(frozen=True)
class Visitor:
    """Somebody who holds the token of a conversation. `address` is None where none is known."""

    conversation_id: str
    address: str | None


async def _visitor(request: Request, conversation_id: str, credentials: Credentials, parts: PartsHere) -> Visitor:
    if credentials is None:
        raise AccessRefused
    await parts.tokens.check(conversation_id, credentials.credentials)
    return Visitor(conversation_id, address_of(request))


VisitorHere = Annotated[Visitor, Depends(_visitor)]


def address_of(request: Request) -> str | None:
    """Return the visitor's address; the server has already put in what a trusted proxy says."""
    return request.client.host if request.client else None


Address = Annotated[str | None, Depends(address_of)]
