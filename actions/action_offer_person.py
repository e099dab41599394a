"""Offers a person: the clinic's phone, and what the staff can help with."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from knowledge.clinic import Clinic


class ActionOfferPerson(Action):  # type: ignore[misc]
    """Says how to reach the appointment staff. It promises nothing, since nothing is filed here."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic

    def name(self) -> str:
        return "action_offer_person"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        text = (
            f"Of course. The appointment staff of {self._clinic.name} can help you in person: {self._clinic.phone}.\n\n"
            "They can set up a visit, and pass a question on to the team. "
            f"In an emergency, call {self._clinic.emergency_number} at once."
        )
        dispatcher.utter_message(text=text, json_message={"kind": "handoff"})
        return []
