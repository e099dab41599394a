"""The only way into Rasa: the gateway's messages, behind a shared secret.

`POST /webhooks/frontdesk/webhook` takes `{"conversation_id", "kind": "text" | "payload", "text"}` and answers
`{"messages": [{"kind", "text", "buttons", "assumed", "answer", "contact_card"}]}`;
`DELETE /webhooks/frontdesk/conversations/{id}` forgets a conversation. Rasa's own REST channel is not used: it takes commands
from anybody and answers `200 []` when something failed (docs/adr/0003-own-channel.md). No message text is logged here.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.errors import SettingsInvalid
from bot.tracker_store import forget

logger = logging.getLogger(__name__)

MIN_SECRET_LENGTH = 16
KEYS = {"conversation_id", "kind", "text"}
CONVERSATION_ID = re.compile(r"[A-Za-z0-9_-]{22,64}")
MAX_TEXT = 1000
TURN_SECONDS = 20.0
"""A turn is broken off after so long; the gateway has given it up by then. Rasa itself would hold the conversation for 60 seconds, and
ask an action that rejects its turn inside a form again and again."""

MAX_BODY = 16_384
"""Bytes: a longest text, each character of which is escaped, with room. Sanic itself takes 100 MB."""

PAYLOAD = re.compile(r"/(?!restart|session_start|back)[a-z_]+(\{[^\ud800-\udfff\r\n]*\})?")
"""What a button sends. No button of ours resets a dialogue, which Rasa's own intents would do."""

ENTITIES = {"answer_id", "wish"}
"""What our buttons carry. Rasa would write a payload with any other into its log."""

SURROGATE = re.compile(r"[\ud800-\udfff]")
"""Half a character: it can be neither encoded nor stored."""

OnMessage = Callable[[UserMessage], Awaitable[Any]]


class FrontdeskOutput(OutputChannel):
    """Collects the replies of one turn, each as one message."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return "frontdesk"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Add a reply. What Rasa calls `custom` holds our kind, assumption and answer card."""
        custom = message.get("custom") or {}
        self.messages.append(
            {
                "kind": custom.get("kind", "text"),
                "text": message.get("text") or "",
                "buttons": [{"title": button["title"], "payload": button["payload"]} for button in message.get("buttons") or []],
                "assumed": custom.get("assumed"),
                "answer": custom.get("answer"),
                "contact_card": custom.get("contact_card"),
            }
        )


class FrontdeskInput(InputChannel):
    """Takes messages from the gateway."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    @classmethod
    def name(cls) -> str:
        return "frontdesk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> FrontdeskInput:
        """Read the secret from credentials.yml, which takes it from the environment.

        Raises:
            SettingsInvalid: it is missing or short.
        """
        secret = str((credentials or {}).get("secret") or "")
        if len(secret) < MIN_SECRET_LENGTH or secret.startswith("$"):
            raise SettingsInvalid(f"FRONTDESK_RASA_SECRET must have at least {MIN_SECRET_LENGTH} characters (docs/configuration.md).")
        return cls(secret)

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """Return the routes of this channel."""
        blueprint = Blueprint("frontdesk_webhook", __name__)

        @blueprint.get("/")
        async def health(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            is_ready = agent is not None and agent.is_ready()
            return response.json({"status": "ok" if is_ready else "no model"}, status=200 if is_ready else 503)

        @blueprint.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            return self._refusal(request) or await self._answer(request, on_new_message)

        @blueprint.delete("/conversations/<conversation_id>")
        async def delete(request: Request, conversation_id: str) -> HTTPResponse:
            if not self._has_secret(request):
                return _error(403, "forbidden")
            agent = request.app.ctx.agent
            async with agent.lock_store.lock(conversation_id):  # a turn that is under way would store it again
                forget(agent.tracker_store, conversation_id)
            return response.empty()

        return blueprint

    def _has_secret(self, request: Request) -> bool:
        return hmac.compare_digest(request.headers.get("X-Frontdesk-Secret", "").encode(), self._secret.encode())

    def _refusal(self, request: Request) -> HTTPResponse | None:
        if not self._has_secret(request):
            return _error(403, "forbidden")
        if request.content_type.partition(";")[0].strip() != "application/json":
            return _error(415, "json_expected")
        if len(request.body) > MAX_BODY:
            return _error(413, "too_large")
        return None

    async def _answer(self, request: Request, on_new_message: OnMessage) -> HTTPResponse:
        body = _body(request)
        if not _is_valid(body) or (body["kind"] == "payload" and not _knows(request, body["text"])):
            return _error(422, "invalid_message")
        output = FrontdeskOutput()
        message = UserMessage(body["text"], output, body["conversation_id"], input_channel=self.name())
        try:
            await asyncio.wait_for(on_new_message(message), TURN_SECONDS)
        except Exception as error:  # noqa: BLE001  the process edge: the gateway must hear of every failure
            logger.error("message failed: conversation=%s error=%s", body["conversation_id"], type(error).__name__)
            return _error(502, "bot_failed")
        if not output.messages:
            logger.error("no reply: conversation=%s", body["conversation_id"])
            return _error(502, "bot_failed")
        return response.json({"messages": output.messages})


def _body(request: Request) -> Any:
    """Return what was sent; None when it is no JSON."""
    try:
        return request.json
    except InvalidUsage:
        return None


def _is_valid(body: Any) -> bool:
    if not isinstance(body, dict) or set(body) != KEYS or not all(isinstance(value, str) for value in body.values()):
        return False
    if not CONVERSATION_ID.fullmatch(body["conversation_id"]) or len(body["text"]) > MAX_TEXT:
        return False
    if body["kind"] == "payload":
        return _is_payload(body["text"])
    return body["kind"] == "text" and _is_plain(body["text"])


def _is_payload(text: str) -> bool:
    """Say whether `text` is what a button sends: an intent, and texts for its entities. Rasa would store any JSON in a slot for text."""
    matched = PAYLOAD.fullmatch(text)
    if not matched:
        return False
    try:
        entities = json.loads(matched.group(1) or "{}")
    except ValueError:
        return False
    return isinstance(entities, dict) and set(entities) <= ENTITIES and all(isinstance(value, str) for value in entities.values())


def _knows(request: Request, payload: str) -> bool:
    """Say whether the intent is one of the model's. Rasa would write the whole of any other into its log."""
    agent = request.app.ctx.agent
    intents: list[str] = agent.domain.intents if agent is not None and agent.domain is not None else []
    return payload[1:].partition("{")[0] in intents


def _is_plain(text: str) -> bool:
    """Say whether Rasa takes `text` as something said: it strips it first, and then reads a slash as a command."""
    said = text.strip()
    return bool(said) and not said.startswith("/") and not SURROGATE.search(said)


def _error(status: int, code: str) -> HTTPResponse:
    return response.json({"error": {"code": code}}, status=status)
