"""A gateway for the tests of the widget: the Chat API of docs/api.md with scripted replies.

It keeps to the contract, and can be told to be slow, to fail, to hold back its stream or to forget its
conversations.
"""

import asyncio
import itertools
import json
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from gateway.routes.static import send_widget
from tests.widget.scripted_replies import GREETING, PROMISES, confirmation, replies_to

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
HEARTBEAT_SECONDS = 1.0
MOST_CHARACTERS = 1_000


@dataclass
class FakeConversation:
    """One conversation: its token, its messages in order, and the replies given by client id."""

    token: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    given: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    filed: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_staff_typing: bool = False


@dataclass
class FakeGateway:
    """What the tests set, and what they look at.

    Attributes:
        delay_seconds: how long each post of a message takes.
        fail_posts: the statuses of the next posts.
        streams: whether events are streamed; if not, `/events` gives 503.
        down: beginning, reading and erasing give 503.
        posts: bodies of all posts of messages, in order.
        greeting: the first message.
        on_duty: whether somebody can chat now.
        has_handoffs: whether the handoff calls exist; an older gateway gives 404.
        refuse_handoffs: the refusals (status and error body) of the next handoffs.
        handoffs: bodies of all posts of handoffs, in order, refused ones too.
        typed: how often a visitor was said to type.
        dropped: how often a draft was forgotten.
    """

    delay_seconds: float = 0.0
    fail_posts: list[int] = field(default_factory=list)
    streams: bool = True
    down: bool = False
    posts: list[dict[str, Any]] = field(default_factory=list)
    greeting: dict[str, Any] = field(default_factory=lambda: GREETING)
    on_duty: bool = False
    has_handoffs: bool = True
    refuse_handoffs: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    handoffs: list[dict[str, Any]] = field(default_factory=list)
    typed: int = 0
    dropped: int = 0
    feedback: list[dict[str, Any]] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    created: list[dict[str, str]] = field(default_factory=list)
    event_headers: list[dict[str, str]] = field(default_factory=list)
    conversations: dict[str, FakeConversation] = field(default_factory=dict)
    counter: "itertools.count[int]" = field(default_factory=itertools.count)

    def new_id(self) -> str:
        """A ULID-like id: 26 characters that sort in the order they were made."""
        number, text = next(self.counter), ""
        for _ in range(24):
            number, digit = divmod(number, 32)
            text = ALPHABET[digit] + text
        return "01" + text

    def message(self, sender: str, body: dict[str, Any]) -> dict[str, Any]:
        at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return {"id": self.new_id(), "sender": sender, "kind": "text", "at": at, "buttons": [], **body}

    def add(self, conversation: FakeConversation, message: dict[str, Any]) -> None:
        conversation.messages.append(message)
        conversation.changed.set()
        conversation.changed = asyncio.Event()

    def say_typing(self, conversation: FakeConversation) -> None:
        """Staff type."""
        conversation.is_staff_typing = True
        conversation.changed.set()
        conversation.changed = asyncio.Event()

    def forget(self) -> None:
        """Loses all conversations, as a retention job would."""
        for conversation in self.conversations.values():
            conversation.changed.set()
        self.conversations.clear()


def error(status: int, code: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": code}}, status)


class ChatApi:
    """The routes."""

    def __init__(self, gateway: FakeGateway) -> None:
        self.gateway = gateway

    def routes(self) -> list[Route]:
        one = "/api/conversations/{id}"
        return [
            Route("/api/conversations", self.create, methods=["POST"]),
            Route(f"{one}/messages", self.post, methods=["POST"]),
            Route(f"{one}/messages", self.history, methods=["GET"]),
            Route(f"{one}/events", self.events, methods=["GET"]),
            Route(f"{one}/feedback", self.rate, methods=["POST"]),
            Route(f"{one}/handoff-options", self.options, methods=["GET"]),
            Route(f"{one}/handoffs", self.hand_off, methods=["POST"]),
            Route(f"{one}/handoff-draft", self.drop_draft, methods=["DELETE"]),
            Route(f"{one}/typing", self.type, methods=["POST"]),
            Route(one, self.erase, methods=["DELETE"]),
        ]

    def find(self, request: Request) -> FakeConversation | None:
        conversation = self.gateway.conversations.get(request.path_params["id"])
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return conversation if conversation and conversation.token == token else None

    async def create(self, request: Request) -> Response:
        if self.gateway.down:
            return error(503, "unavailable")
        assert await request.json() == {}
        self.gateway.created.append(dict(request.query_params))
        conversation = FakeConversation(token=secrets.token_urlsafe(16))
        name = secrets.token_hex(8)
        self.gateway.conversations[name] = conversation
        self.gateway.add(conversation, self.gateway.message("bot", self.gateway.greeting))
        body = {"conversation_id": name, "token": conversation.token, "messages": conversation.messages}
        return JSONResponse(body, 201)

    async def post(self, request: Request) -> Response:
        conversation, body = self.find(request), await request.json()
        self.gateway.posts.append(body)
        if conversation is None:
            return error(404, "not_found")
        if self.gateway.fail_posts:
            return error(self.gateway.fail_posts.pop(0), "failed")
        if len(body.get("text", "")) > MOST_CHARACTERS:
            return error(413, "too_long")
        await asyncio.sleep(self.gateway.delay_seconds)
        return JSONResponse({"messages": self.answer(conversation, body)})

    def answer(self, conversation: FakeConversation, body: dict[str, Any]) -> list[dict[str, Any]]:
        client_id = body["client_message_id"]
        if client_id in conversation.given:
            return conversation.given[client_id]
        gateway, payload = self.gateway, body.get("payload", "")
        titles = {b["payload"]: b["title"] for m in conversation.messages for b in m["buttons"]}
        asked = gateway.message("visitor", {"text": body.get("text") or titles[payload], "client_message_id": client_id})
        replies = [gateway.message("bot", {**reply, "reply_to": asked["id"]}) for reply in replies_to(payload or body["text"])]
        conversation.given[client_id] = replies
        for message in [asked, *replies]:
            gateway.add(conversation, message)
        return replies

    async def history(self, request: Request) -> Response:
        conversation = self.find(request)
        if self.gateway.down:
            return error(503, "unavailable")
        if conversation is None:
            return error(404, "not_found")
        after = request.query_params.get("after", "")
        return JSONResponse({"messages": [m for m in conversation.messages if m["id"] > after]})

    async def events(self, request: Request) -> Response:
        conversation = self.find(request)
        if conversation is None:
            return error(404, "not_found")
        self.gateway.event_headers.append(dict(request.headers))
        if not self.gateway.streams:
            return error(503, "no_streams")
        after = request.headers.get("Last-Event-ID", "")
        return StreamingResponse(self.stream(conversation, after), media_type="text/event-stream")

    async def stream(self, conversation: FakeConversation, after: str) -> AsyncIterator[str]:
        yield ": here\n\n"
        while conversation in self.gateway.conversations.values() and not self.gateway.down:
            changed = conversation.changed
            if conversation.is_staff_typing:
                conversation.is_staff_typing = False
                yield 'event: typing\ndata: {"sender": "staff"}\n\n'
            for message in conversation.messages:
                if message["id"] > after:
                    after = message["id"]
                    yield f"id: {after}\nevent: message\ndata: {json.dumps(message)}\n\n"
            try:
                await asyncio.wait_for(changed.wait(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield ": still here\n\n"

    async def rate(self, request: Request) -> Response:
        if self.find(request) is None:
            return error(404, "not_found")
        self.gateway.feedback.append(await request.json())
        return Response(status_code=204)

    async def options(self, request: Request) -> Response:
        conversation = self.find(request)
        if conversation is None or not self.gateway.has_handoffs:
            return error(404 if self.gateway.has_handoffs else 405, "not_found")
        if self.gateway.down:
            return error(503, "unavailable")
        is_open = self.gateway.on_duty
        body: dict[str, Any] = {
            "channels": ["live", "callback", "appointment"] if is_open else ["callback", "appointment"],
            "is_open": is_open,
            "next_opening": None if is_open else "Monday, November 23, at 9:00 AM",
            "hours": "Monday 9:00 AM to 5:00 PM",
            "promises": PROMISES,
            "draft": None,
            "consent": "I agree that Example Clinic stores my details and contacts me about this request.",
            "owner": "bot",
            "handoff": None,
        }
        if conversation.filed:
            reply = list(conversation.filed.values())[-1]
            body["handoff"] = {"state": "waiting", **{key: reply[key] for key in ("reference", "promise", "channel")}}
        return JSONResponse(body)

    async def hand_off(self, request: Request) -> Response:
        conversation, body = self.find(request), await request.json()
        self.gateway.handoffs.append(body)
        if conversation is None:
            return error(401, "access_refused")
        if self.gateway.refuse_handoffs:
            status, refusal = self.gateway.refuse_handoffs.pop(0)
            return JSONResponse({"error": refusal}, status)
        await asyncio.sleep(self.gateway.delay_seconds)
        request_id = body["client_request_id"]
        if request_id not in conversation.filed:
            reference, channel = f"FD-7K3M-9Q2{len(conversation.filed)}", body["channel"]
            told = [self.gateway.message("bot", confirmation(reference, channel))]
            if channel == "live":
                told.append(self.gateway.message("system", {"text": "Somebody joins you here soon.", "reply_to": told[0]["id"]}))
            for message in told:
                self.gateway.add(conversation, message)
            conversation.filed[request_id] = {
                "reference": reference,
                "promise": PROMISES[channel],
                "channel": channel,
                "messages": told,
            }
        return JSONResponse(conversation.filed[request_id], 201)

    async def drop_draft(self, request: Request) -> Response:
        self.gateway.dropped += 1
        return Response(status_code=204)

    async def type(self, request: Request) -> Response:
        self.gateway.typed += 1
        return Response(status_code=204)

    async def erase(self, request: Request) -> Response:
        if self.gateway.down:
            return error(503, "unavailable")
        if self.find(request) is None:
            return error(404, "not_found")
        name = request.path_params["id"]
        self.gateway.conversations.pop(name).changed.set()
        self.gateway.erased.append(name)
        return Response(status_code=204)


def create_app(gateway: FakeGateway) -> Starlette:
    """The gateway with the widget's real script, open to every origin, as a clinic's page is another one."""
    cors = Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])
    script = Route("/widget/widget.js", send_widget)
    return Starlette(routes=[*ChatApi(gateway).routes(), script], middleware=[cors])
