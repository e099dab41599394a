"""What the questions of the forms have in common: Rasa calls one action for each slot, and all take the same turn."""

from __future__ import annotations

from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.wish_form import WishForm


class AskWish(Action):  # type: ignore[misc]
    """Takes one turn of a form, whichever slot Rasa wants to be asked for: the form itself knows what is open."""

    asks: ClassVar[str]

    def __init__(self, form: WishForm) -> None:
        self._form = form

    def name(self) -> str:
        return f"action_ask_{self.asks}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        return self._form.run(dispatcher, tracker, domain)
