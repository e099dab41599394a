"""Shows the answer that the visitor chose with a button."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import after_answers
from actions.replies import show_answer
from actions.wording import Wording
from knowledge.live import LiveSearch


class ActionShowAnswer(Action):  # type: ignore[misc]
    """An id that is not published any more counts as not covered."""

    def __init__(self, live: LiveSearch, wording: Wording) -> None:
        self._live = live
        self._wording = wording

    def name(self) -> str:
        return "action_show_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        chosen = next(tracker.get_latest_entity_values("answer_id"), None)
        answer = self._live.current.answer(chosen) if isinstance(chosen, str) else None
        if answer is None:
            self._wording.say(dispatcher, "not_covered")
            return []
        show_answer(dispatcher, answer)
        return [SlotSet("person_offered", False), *after_answers([answer]).events()]
