"""Gives each request an id, logs and measures it, and turns what nobody caught into our error form."""

import re
import secrets
from dataclasses import dataclass, field
from time import perf_counter

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.error_responses import error_response
from gateway.errors import GatewayError
from gateway.metrics import Metrics

_GIVEN_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")
log = structlog.get_logger("gateway.requests")


@dataclass
class _Outcome:
    status: int = 0
    started: float = field(default_factory=perf_counter)


class RequestLog:
    """The process edge: the only place where any exception is caught."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        request_id = _request_id(scope)
        outcome = _Outcome()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, _watching(send, outcome, request_id))
            except Exception:  # noqa: BLE001  process edge: the server would log the exception's values, which may be message text
                await self._failed(scope, receive, _watching(send, outcome, request_id), outcome)
            self._note(scope, outcome)

    async def _failed(self, scope: Scope, receive: Receive, send: Send, outcome: _Outcome) -> None:
        log.error("request_failed", route=_route(scope), exc_info=True)
        self.metrics.errors.labels(GatewayError.code).inc()
        if not outcome.status:
            await error_response(GatewayError())(scope, receive, send)

    def _note(self, scope: Scope, outcome: _Outcome) -> None:
        seconds = perf_counter() - outcome.started
        self.metrics.requests.labels(_method(scope), _route(scope), str(outcome.status)).observe(seconds)
        log.info("request", method=_method(scope), route=_route(scope), status=outcome.status, ms=round(seconds * 1000, 1))


def _watching(send: Send, outcome: _Outcome, request_id: str) -> Send:
    async def watch(message: Message) -> None:
        if message["type"] == "http.response.start":
            outcome.status = message["status"]
            MutableHeaders(scope=message)["X-Request-ID"] = request_id
        await send(message)

    return watch


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _GIVEN_ID.match(given) else secrets.token_hex(8)


def _route(scope: Scope) -> str:
    """The route's pattern: a path would hold the conversation's id."""
    return str(getattr(scope.get("route"), "path", "other"))


def _method(scope: Scope) -> str:
    known = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    return scope["method"] if scope["method"] in known else "OTHER"
