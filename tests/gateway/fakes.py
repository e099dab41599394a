"""A Rasa server as an HTTP transport, with the contract of our channel, and the action server's readiness.

Verified against the real ones in tests/end_to_end.
"""

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any

import httpx

SECRET = "a-shared-secret-for-tests"
CONVERSATION_ID = re.compile(r"^[A-Za-z0-9_-]{22,64}$")


def bot_message(kind: str = "smalltalk", text: str = "Hello.", **more: Any) -> dict[str, Any]:
    """Return one message as Rasa's channel sends it."""
    return {"kind": kind, "text": text, "buttons": [], "assumed": None, "answer": None} | more


def answer_card(**more: Any) -> dict[str, Any]:
    """Return the card of an approved answer."""
    source = {"title": "A page", "url": "https://example.org/page", "read_on": "2026-11-20"}
    card = {"id": "recovery/general", "version": 3, "topic": "recovery", "procedures": [], "title": "How long does recovery take?"}
    return card | {"reviewed_on": None, "review_due_on": "2027-05-20", "sources": [source]} | more


@dataclass
class FakeRasa:
    """Echoes texts, unless `replies` says otherwise.

    Attributes:
        replies: what comes back for every message; None echoes.
        failure: an exception to raise, or a response to give, instead.
        delay_seconds: how long a reply takes.
        asked: the bodies that came in, in order. erased: conversation ids. working: bodies being answered now.
    """

    replies: list[dict[str, Any]] | None = None
    failure: Exception | httpx.Response | None = None
    delay_seconds: float = 0
    asked: list[dict[str, Any]] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    working: dict[str, int] = field(default_factory=dict)
    overlaps: int = 0

    def reset(self) -> None:
        """Forget everything, in place."""
        self.__init__()  # type: ignore[misc]

    @property
    def transport(self) -> httpx.AsyncBaseTransport:
        """The fake as a transport for httpx."""
        return httpx.MockTransport(self._answer)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if isinstance(self.failure, Exception):
            raise self.failure
        if isinstance(self.failure, httpx.Response):
            return self.failure
        if request.url.path in ("/", "/ready"):
            return httpx.Response(200, text="Hello from Rasa")
        if request.headers.get("X-Frontdesk-Secret") != SECRET:
            return httpx.Response(403)
        if request.method == "DELETE":
            self.erased.append(request.url.path.rsplit("/", 1)[-1])
            return httpx.Response(204)
        return await self._reply(json.loads(request.content))

    async def _reply(self, body: dict[str, Any]) -> httpx.Response:
        if not _is_agreed(body):
            return httpx.Response(422)
        self.asked.append(body)
        conversation_id = body["conversation_id"]
        self.working[conversation_id] = self.working.get(conversation_id, 0) + 1
        self.overlaps += self.working[conversation_id] > 1
        await asyncio.sleep(self.delay_seconds)
        self.working[conversation_id] -= 1
        replies = [bot_message(text=f"You said: {body['text']}")] if self.replies is None else self.replies
        return httpx.Response(200, json={"messages": replies})


def _is_agreed(body: dict[str, Any]) -> bool:
    return (
        set(body) == {"conversation_id", "kind", "text"}
        and CONVERSATION_ID.match(body["conversation_id"]) is not None
        and body["kind"] in {"text", "payload"}
        and bool(body["text"])
        and (body["kind"] == "payload") == body["text"].strip().startswith("/")
    )
