"""A talk with the forms, as Rasa would hold it: it fills the slot that was asked for, runs the action, keeps the slots."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk.executor import ActionExecutor

from actions.server import register
from actions.settings import ActionSettings
from tests.actions.fakes import FakeReception
from tests.fakes import FakeLiveSearch
from tests.knowledge.small import small_search

CONVERSATION_ID = "c" * 32


class Talk:
    """Holds the tracker of one dialogue."""

    def __init__(self, form: str = "appointment_form", *, sender_id: str = CONVERSATION_ID, **slots: Any) -> None:
        self.reception = FakeReception()
        live: Any = FakeLiveSearch(small_search())
        reception: Any = self.reception
        self.executor: ActionExecutor = register(live, reception, ActionSettings())
        self.form: str | None = form
        self.sender_id = sender_id
        self.slots: dict[str, Any] = dict(slots)

    def begin(self) -> list[dict[str, Any]]:
        """Return what is said when the form opens."""
        return self._run({"text": f"/choose_{self.form}", "intent": {"name": "choose_appointment"}, "entities": []})

    def say(self, text: str, intent: str = "nlu_fallback") -> list[dict[str, Any]]:
        """Return what is said to a text."""
        asked = self.slots.get("requested_slot")
        if asked:
            self.slots[asked] = text
        return self._run({"text": text, "intent": {"name": intent}, "entities": []})

    def press(self, wish: str) -> list[dict[str, Any]]:
        """Return what is said when a button of the form is pressed."""
        asked = self.slots.get("requested_slot")
        if asked:
            self.slots[asked] = wish
        entities = [{"entity": "wish", "value": wish}]
        return self._run({"text": f'/choose_wish{{"wish": "{wish}"}}', "intent": {"name": "choose_wish"}, "entities": entities})

    def _run(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        tracker = {
            "sender_id": self.sender_id,
            "slots": dict(self.slots),
            "latest_message": message,
            "events": None,
            "paused": False,
            "active_loop": {"name": self.form} if self.form else {},
        }
        call = {"next_action": "action_ask_about", "sender_id": self.sender_id, "domain": {"actions": []}, "tracker": tracker}
        result = asyncio.run(self.executor.run(call))
        assert result is not None
        self.slots |= {event["name"]: event["value"] for event in result.events if event["event"] == "slot"}
        if self.slots.get("requested_slot") is None:
            self.form = None
        responses: list[dict[str, Any]] = result.responses
        return responses

    def fill(self) -> list[dict[str, Any]]:
        """Return the summary after all questions of a visit."""
        self.begin()
        self.press("visit_type=virtual")
        self.say("mornings")
        self.press("patient=new")
        self.say("Example Health")
        return self.say("an eyelid that does not close")


def texts(responses: list[dict[str, Any]]) -> str:
    """Return all that is said, in one."""
    return "\n".join(str(response["text"] or response.get("response")) for response in responses)
