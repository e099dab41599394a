"""Talks to the running assistant, as the gateway does: through Rasa's channel."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from typing import Any

import httpx

TIMEOUT_SECONDS = 30.0


class AssistantUnreachable(Exception):
    """The assistant does not answer; the text says what to do."""


@dataclass
class Assistant:
    """One conversation with the assistant.

    Attributes:
        address: of Rasa. secret: shared with its channel.
        conversation_id: unguessable, new by default.
    """

    address: str
    secret: str
    conversation_id: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def say(self, text: str) -> list[dict[str, Any]]:
        """Send free text and return the replies (Message of docs/api.md, without id and time).

        Raises:
            AssistantUnreachable: it does not run, refuses the message, or fails.
        """
        return self._send("text", text)

    def press(self, payload: str) -> list[dict[str, Any]]:
        """Press a button that was offered in this conversation, and return the replies."""
        return self._send("payload", payload)

    def _send(self, kind: str, text: str) -> list[dict[str, Any]]:
        body = {"conversation_id": self.conversation_id, "kind": kind, "text": text}
        try:
            response = httpx.post(
                f"{self.address}/webhooks/frontdesk/webhook",
                json=body,
                headers={"X-Frontdesk-Secret": self.secret},
                timeout=TIMEOUT_SECONDS,
            )
        except httpx.HTTPError as error:
            raise AssistantUnreachable(f"The assistant does not run at {self.address}. Start it with: make run") from error
        if response.status_code == 422:
            raise AssistantUnreachable("The assistant takes 1 to 1,000 characters that do not begin with a slash.")
        if not response.is_success:
            raise AssistantUnreachable(f"The assistant failed ({response.status_code}). What make run printed says why.")
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages


def running_assistant() -> Assistant:
    """Return a new conversation with the assistant that `make run` started."""
    port = os.environ.get("FRONTDESK_RASA_PORT", "5005")
    return Assistant(f"http://127.0.0.1:{port}", os.environ.get("FRONTDESK_RASA_SECRET", ""))
