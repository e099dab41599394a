"""Visitors who leave their contact, and try again as the widget does: the same content goes with the same `client_request_id`."""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from evaluation.assistant import AssistantUnreachable

CALL_SECONDS = 30.0
"""As gateway/static/widget/client.js waits."""

PATIENCE_SECONDS = 180.0
QUESTION = "how long is recovery after gracilis surgery"
CALLBACK = "Call me back"
MOST_STEPS = 8
"""Of the form for a call; it has fewer."""


@dataclass
class Told:
    """What one visitor was told.

    Attributes:
        references: of each reply to the contact card; more than one when it was sent again.
        retries: calls that got no answer, or a fault, and were made again.
        has_form: whether the assistant had collected wishes before.
    """

    request_id: str
    conversation_id: str = ""
    token: str = ""
    references: list[str] = field(default_factory=list)
    retries: int = 0
    has_form: bool = False


class Caller:
    """One visitor with one wish.

    Args:
        address: of the gateway.
        number: makes the contact different from all others.
        card_sent: set at the moment the contact card leaves.
    """

    def __init__(self, address: str, number: int, random: Random, card_sent: threading.Event) -> None:
        self.told = Told(str(uuid.UUID(int=random.getrandbits(128), version=4)))
        self._client = httpx.Client(base_url=f"{address}/api", timeout=CALL_SECONDS)
        self._number = number
        self._random = random
        self._card_sent = card_sent
        self._until = time.monotonic() + PATIENCE_SECONDS

    def run(self, *, talks: bool, again: bool) -> Told:
        """Begin a conversation, and leave the contact; return what the visitor was told.

        Args:
            talks: ask a question and fill in the assistant's form before.
            again: send the card once more after the reply, as a page does that was loaded again in between.
        """
        with self._client:
            started = self._post("/conversations", {})
            self.told.conversation_id, self.told.token = started["conversation_id"], started["token"]
            self._client.headers["Authorization"] = f"Bearer {self.told.token}"
            if talks:
                self._talk()
            body = self._card()
            for _ in range(2 if again else 1):
                self._card_sent.set()
                self.told.references.append(self._post(f"/conversations/{self.told.conversation_id}/handoffs", body)["reference"])
        return self.told

    def _card(self) -> dict[str, Any]:
        contact = {"name": f"Visitor {self._number}", "phone": f"+1 312 555 {self._number % 100 + 100:04}"}
        return {"client_request_id": self.told.request_id, "channel": "callback", "consent": True} | contact

    def _talk(self) -> None:
        """The form's questions are answered until it opens the card, or until the assistant fails."""
        self._say(text=QUESTION)
        replies = self._say(text="let me talk to a person")
        offered = _buttons(replies).get(CALLBACK)
        for _ in range(MOST_STEPS):
            replies = self._say(payload=offered) if offered else self._say(text="mornings")
            self.told.has_form = any(reply.get("contact_card") for reply in replies)
            if self.told.has_form or not replies or replies[-1]["kind"] == "unavailable":
                return
            offered = next(iter(_buttons(replies).values()), None)

    def _say(self, **said: str) -> list[dict[str, Any]]:
        body = {"client_message_id": str(uuid.UUID(int=self._random.getrandbits(128), version=4))} | said
        messages: list[dict[str, Any]] = self._post(f"/conversations/{self.told.conversation_id}/messages", body)["messages"]
        return messages

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Post until there is an answer that is no fault.

        Raises:
            AssistantUnreachable: it is refused, or the patience is over.
        """
        while True:
            try:
                response = self._client.post(path, json=body)
            except httpx.TransportError:
                response = None
            if response is not None and response.is_success:
                reply: dict[str, Any] = response.json()
                return reply
            if response is not None and not response.is_server_error:
                raise AssistantUnreachable(f"{path.rpartition('/')[2]}: {response.status_code} {response.text}")
            if time.monotonic() > self._until:
                raise AssistantUnreachable(f"{path.rpartition('/')[2]}: no answer within {PATIENCE_SECONDS:.0f} seconds")
            self.told.retries += 1
            time.sleep(self._random.uniform(0.1, 1))


def _buttons(replies: list[dict[str, Any]]) -> dict[str, str]:
    last = replies[-1] if replies else {}
    return {button["title"]: button["payload"] for button in last.get("buttons") or ()}
