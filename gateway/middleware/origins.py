"""Only the clinic's own sites may use the API from a browser."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.error_responses import refusal


class OriginCheck:
    """Refuses API requests of pages that are neither ours nor allowed. Programs without an origin pass."""

    def __init__(self, app: ASGIApp, allowed: tuple[str, ...]) -> None:
        self.app = app
        self.allowed = frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/api/") and not self._may(Headers(scope=scope)):
            response = refusal(403, "origin_not_allowed", "This site may not use this assistant.")
            return await response(scope, receive, send)
        await self.app(scope, receive, send)

    def _may(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        return origin is None or origin.lower() in self.allowed or is_same_site(origin, headers.get("host", ""))


def is_same_site(origin: str, host: str) -> bool:
    """Say whether a page of `origin` came from `host`. The scheme does not count: a proxy may have ended TLS."""
    try:
        return bool(host) and urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:
        return False
