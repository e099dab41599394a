"""Takes in a request body whole before anything works on it: never more than the limit, never slower than the time."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.error_responses import refusal

READ_SECONDS = 10.0
WITHOUT_BODY = {"GET", "HEAD", "OPTIONS"}


class BodyTooLarge(Exception):
    """More came than may come. Does not leave this module."""


class BodyLimit:
    """FastAPI's `max_body_size` refuses in plain text, and waits for a slow sender without end."""

    def __init__(self, app: ASGIApp, max_bytes: int, larger: Mapping[str, int] = MappingProxyType({})) -> None:
        """`larger` gives other limits for the paths that begin so."""
        self.app = app
        self.max_bytes = max_bytes
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in WITHOUT_BODY:
            return await self.app(scope, receive, send)
        try:
            body = await self._read(scope, receive, self._limit(scope["path"]))
        except BodyTooLarge:
            message = "The request is too large. A message may have at most 1,000 characters."
            return await refusal(413, "body_too_large", message)(scope, receive, send)
        except TimeoutError:
            return await refusal(408, "body_too_slow", "The request did not arrive in time.")(scope, receive, send)
        await self.app(scope, _replay(body, receive), send)

    def _limit(self, path: str) -> int:
        return next((limit for prefix, limit in self._larger.items() if path.startswith(prefix)), self.max_bytes)

    async def _read(self, scope: Scope, receive: Receive, max_bytes: int) -> bytes:
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdigit() and int(announced) > max_bytes:
            raise BodyTooLarge
        body = b""
        async with asyncio.timeout(READ_SECONDS):
            while True:
                message = await receive()
                body += bytes(message.get("body", b""))
                if len(body) > max_bytes:
                    raise BodyTooLarge
                if not message.get("more_body", False):
                    return body


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay
