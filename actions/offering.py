"""Offers a person: a live chat when somebody can join, a call, a visit. The same offer wherever it comes from."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.wording import Wording
from desk.reception import Reception

LIVE = {"title": "Chat with a person now", "payload": "/choose_live"}
CALLBACK = {"title": "Call me back", "payload": "/choose_callback"}
APPOINTMENT = {"title": "Request an appointment", "payload": "/choose_appointment"}
DECLINE = {"title": "No, thank you", "payload": "/decline_offer"}

REFUSED = frozenset({"ask_diagnosis", "ask_medical_advice", "ask_medicine_dose", "ask_personal_prognosis", "ask_price"})
"""Questions that the clinic can take up, while the assistant must not. Source: issue 5."""


class Offering:
    """Words the offer for the hour of the day and for those on duty."""

    def __init__(self, wording: Wording, reception: Reception) -> None:
        self._wording = wording
        self._reception = reception

    def offer(self, dispatcher: CollectingDispatcher, reason: str, wording: str | None = None) -> list[dict[str, Any]]:
        """Offer a person; return what the tracker has to remember of it.

        Args:
            reason: why, as in `desk.models.REASONS`; it goes with the handoff.
            wording: name of the words in data/replies.yml; None: by whether somebody can join now.
        """
        is_live = self._reception.availability().is_live_possible
        named = wording or ("offer_person_live" if is_live else "offer_person_later")
        rest = [APPOINTMENT, CALLBACK] if reason == "appointment" else [CALLBACK, APPOINTMENT]
        buttons = [*([LIVE] if is_live else []), *rest, DECLINE]
        self._wording.say(dispatcher, named, buttons=buttons, opening=self._reception.opening_line())
        return [SlotSet("person_offered", True), SlotSet("handoff_reason", reason)]
