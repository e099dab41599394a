"""Calls a Sanic app in this process, over ASGI: the Sanic that Rasa needs has no test client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from sanic import Sanic

Result = TypeVar("Result")


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(coroutine)


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def call(app: Sanic, method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None) -> Reply:
    """Send one request and return the reply."""
    return run(_call(app, method, path, body, headers or {}))


async def _call(app: Sanic, method: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
    sent: list[dict[str, Any]] = []
    inbox = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return inbox.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    if not app.router.finalized:
        await app._startup()  # type: ignore[no-untyped-call]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 40000),
        "server": ("127.0.0.1", 5005),
        "scheme": "http",
    }
    await app(scope, receive, send)
    content = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return Reply(sent[0]["status"], content)
