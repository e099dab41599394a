"""Lets the page ask for the contact, for a live chat: nothing else has to be known before it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.offering import Offering
from actions.summary import card
from actions.wording import Wording
from desk.reception import Reception


class ActionOpenContactCard(Action):  # type: ignore[misc]
    """Where nobody can join any more, the offer is made again instead."""

    def __init__(self, wording: Wording, reception: Reception, offering: Offering) -> None:
        self._wording = wording
        self._reception = reception
        self._offering = offering

    def name(self) -> str:
        return "action_open_contact_card"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        if not self._reception.availability().is_live_possible:
            return self._offering.offer(dispatcher, "requested")
        custom = {"contact_card": card("live", {}, self._reception.promise("live"))}
        self._wording.say(dispatcher, "contact_card_live", custom=custom)
        return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("wish_asked", None)]
