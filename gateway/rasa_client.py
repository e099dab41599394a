"""Talks to our channel in the Rasa server (`bot/`), which only this process knows.

The other side: POST /webhooks/frontdesk/webhook with the shared secret answers 200 with messages, and an error with an
error. Nothing of the visitor goes there but the id that we made and the cleaned text; nothing of Rasa's errors comes out.
"""

import asyncio
from types import TracebackType
from typing import Self

import httpx
from pydantic import ValidationError

from gateway.breaker import Breaker
from gateway.errors import BotAnswerInvalid, BotUnavailable
from gateway.replies import RasaReplies, Reply
from gateway.settings import Settings
from gateway.turns import Question

CONNECT_SECONDS = 1.0
PROBE_SECONDS = 1.0
KEEPALIVE_SECONDS = 3.0
"""Below the 5 s after which Rasa's server closes an idle connection, so that we never write into a closing one."""

FAILURES_TO_OPEN = 5
PAUSE_SECONDS = 5.0
CHANNEL = "/webhooks/frontdesk"


class RasaClient:
    """One pool of connections, one circuit breaker."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._reply_seconds = settings.rasa_timeout_seconds
        self.breaker = Breaker(threshold=FAILURES_TO_OPEN, pause_seconds=PAUSE_SECONDS)
        self._http = httpx.AsyncClient(
            base_url=settings.rasa_url,
            headers={"X-Frontdesk-Secret": settings.rasa_secret.get_secret_value()},
            timeout=httpx.Timeout(settings.rasa_timeout_seconds, connect=CONNECT_SECONDS),
            transport=transport or _transport(settings),
            trust_env=False,
        )

    async def ask(self, question: Question) -> list[Reply]:
        """Return Rasa's replies to one message; never an empty list.

        Raises:
            BotUnavailable: down, slow, refusing, or given up for the moment by the circuit breaker.
            BotAnswerInvalid: the reply is empty or not as agreed.
        """
        if not self.breaker.allows():
            raise BotUnavailable("circuit_open")
        try:
            replies = await self._ask(question)
        except BotUnavailable:
            self.breaker.failed()
            raise
        self.breaker.succeeded()
        return replies

    async def _ask(self, question: Question) -> list[Reply]:
        body = {"conversation_id": question.dialogue_id, "kind": question.kind, "text": question.text}
        try:
            async with asyncio.timeout(self._reply_seconds):  # httpx limits each read, not the whole
                response = await self._http.post(f"{CHANNEL}/webhook", json=body)
        except (httpx.TimeoutException, TimeoutError) as error:
            raise BotUnavailable("timeout") from error
        except httpx.HTTPError as error:
            raise BotUnavailable("unreachable") from error
        if response.status_code != httpx.codes.OK:
            raise BotUnavailable(f"status_{response.status_code}")
        try:
            return list(RasaReplies.model_validate_json(response.content).messages)
        except ValidationError:
            raise BotAnswerInvalid("invalid_reply") from None  # its text would quote the reply

    async def erase(self, dialogue_id: str) -> bool:
        """Let Rasa forget a dialogue; False when it has to be tried again."""
        try:
            response = await self._http.delete(f"{CHANNEL}/conversations/{dialogue_id}")
        except httpx.HTTPError:
            return False
        return response.is_success or response.status_code == httpx.codes.NOT_FOUND

    async def is_up(self) -> bool:
        """Say whether Rasa answers at all."""
        try:
            response = await self._http.get("/", timeout=PROBE_SECONDS)
        except httpx.HTTPError:
            return False
        return response.status_code == httpx.codes.OK

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._http.aclose()


def _transport(settings: Settings) -> httpx.AsyncBaseTransport:
    limits = httpx.Limits(
        max_connections=settings.rasa_connections,
        max_keepalive_connections=settings.rasa_connections,
        keepalive_expiry=KEEPALIVE_SECONDS,
    )
    return httpx.AsyncHTTPTransport(limits=limits, retries=1)  # retries a connection that was refused, never a sent message
