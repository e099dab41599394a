"""Says the last answers again."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import recall
from actions.replies import show_answer
from actions.wording import Wording
from knowledge.live import LiveSearch


class ActionRepeat(Action):  # type: ignore[misc]
    """Only answers are repeated; before the first one there is nothing to say again."""

    def __init__(self, live: LiveSearch, wording: Wording) -> None:
        self._live = live
        self._wording = wording

    def name(self) -> str:
        return "action_repeat"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        answers = [self._live.current.answer(identifier) for identifier in recall(tracker).shown]
        for answer in answers:
            if answer is not None:
                show_answer(dispatcher, answer)
        if not any(answers):
            self._wording.say(dispatcher, "nothing_to_repeat")
        return []
