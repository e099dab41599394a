"""Answers a question from the published knowledge, asks back, or says that it is not covered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import MISSES_BEFORE_PERSON, Memory, after_answers, recall
from actions.offering import REFUSED, Offering
from actions.replies import assumption, offer, show_answer
from actions.wording import Wording
from knowledge.live import LiveSearch
from knowledge.search import Decision, Result
from language.text import is_too_long

CORRECTION = "correct_subject"
"""The intent of "no, I meant the eyelid": what was shown before is not meant."""


class ActionAnswerQuestion(Action):  # type: ignore[misc]
    """The heart of the assistant."""

    def __init__(self, live: LiveSearch, wording: Wording, offering: Offering | None) -> None:
        self._live = live
        self._wording = wording
        self._offering = offering  # None inside a form, where a person is on the way already

    def name(self) -> str:
        return "action_answer_question"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        text = str(tracker.latest_message.get("text") or "")
        memory = recall(tracker)
        if is_too_long(text):
            self._wording.say(dispatcher, "too_long")
            return []
        corrects = (tracker.latest_message.get("intent") or {}).get("name") == CORRECTION
        rejects = frozenset(memory.shown) if corrects else frozenset()
        result = self._live.current.search(text, memory.context, rejects)
        replied = self._reply(dispatcher, result, memory)
        was_offered = tracker.get_slot("person_offered") is True
        return [SlotSet("person_offered", False), *replied.events(), *self._offer(dispatcher, result, replied, was_offered=was_offered)]

    def _reply(self, dispatcher: CollectingDispatcher, result: Result, memory: Memory) -> Memory:
        if result.decision is Decision.ANSWER:
            return self._answer(dispatcher, result)
        missed = replace(memory, shown=(), offered=(), misses=memory.misses + 1)
        if result.decision is Decision.CLARIFY:
            offer(dispatcher, result.matches)
            missed = replace(missed, offered=tuple(match.answer.id for match in result.matches))
        else:
            self._wording.say(dispatcher, _decline(result))
        return missed

    def _offer(self, dispatcher: CollectingDispatcher, result: Result, memory: Memory, *, was_offered: bool) -> list[dict[str, Any]]:
        """Offer a person for what the clinic can take up, and after misses in a row; not twice on end."""
        if self._offering is None or result.decision is not Decision.NOT_COVERED or was_offered:
            return []
        if result.out_of_scope in REFUSED:
            return self._offering.offer(dispatcher, "refused", "offer_person_refused")
        if memory.misses >= MISSES_BEFORE_PERSON:
            return self._offering.offer(dispatcher, "not_covered", "offer_person_after_misses")
        return []

    def _answer(self, dispatcher: CollectingDispatcher, result: Result) -> Memory:
        for match in result.matches:
            show_answer(dispatcher, match.answer, assumption(result, self._live.current.published))
        return after_answers([match.answer for match in result.matches])


def _decline(result: Result) -> str:
    """Each class of questions that are not answered has its own kind words (data/replies.yml)."""
    return f"decline_{result.out_of_scope}" if result.out_of_scope else "not_covered"
