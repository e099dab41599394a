"""A visitor of the chat API (docs/api.md): what a browser sees, without the browser."""

from __future__ import annotations

import uuid
from typing import Any

import httpx

from evaluation.assistant import TIMEOUT_SECONDS, AssistantUnreachable


class Visitor:
    """One conversation through the gateway at `address`."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=f"{address}/api", timeout=TIMEOUT_SECONDS)
        started = self._post("/conversations", {})
        self._client.headers["Authorization"] = f"Bearer {started['token']}"
        self._path = f"/conversations/{started['conversation_id']}/messages"

    def say(self, text: str) -> list[dict[str, Any]]:
        """Send free text and return the bot's messages.

        Raises:
            AssistantUnreachable: the gateway does not run, or refuses the message.
        """
        messages: list[dict[str, Any]] = self._post(self._path, {"text": text, "client_message_id": str(uuid.uuid4())})["messages"]
        return messages

    def post_raw(self, body: bytes) -> httpx.Response:
        """Post any bytes as a message into this conversation, and return what came back, whatever it is."""
        return self._client.post(self._path, content=body, headers={"Content-Type": "application/json"})

    def _post(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        try:
            response = self._client.post(path, json=body)
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise AssistantUnreachable(f"The gateway does not answer, or refuses: {error}") from error
        reply: dict[str, Any] = response.json()
        return reply
