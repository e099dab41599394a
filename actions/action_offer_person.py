"""Offers a person, for whatever reason one is wanted."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.offering import Offering


class ActionOfferPerson(Action):  # type: ignore[misc]
    """Says how the appointment staff can be reached now. It promises nothing, since nothing is filed here."""

    def __init__(self, offering: Offering) -> None:
        self._offering = offering

    def name(self) -> str:
        return "action_offer_person"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        intent = (tracker.latest_message.get("intent") or {}).get("name")
        return self._offering.offer(dispatcher, "appointment" if intent == "request_appointment" else "requested")
