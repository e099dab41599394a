"""Says where the last answer comes from."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import recall
from actions.replies import card
from actions.wording import Wording
from knowledge.live import LiveSearch
from knowledge.published import PublishedAnswer, PublishedSource


class ActionShowSources(Action):  # type: ignore[misc]
    """Lists title, address and day of reading of each source, and whether the clinic has reviewed the answer."""

    def __init__(self, live: LiveSearch, wording: Wording) -> None:
        self._live = live
        self._wording = wording

    def name(self) -> str:
        return "action_show_sources"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        shown = [self._live.current.answer(identifier) for identifier in recall(tracker).shown]
        answers = [answer for answer in shown if answer is not None]
        if not answers:
            self._wording.say(dispatcher, "sources_in_general")
        for answer in answers:
            dispatcher.utter_message(text=_sources(answer), json_message={"kind": "text", "answer": card(answer)})
        return []


def _sources(answer: PublishedAnswer) -> str:
    lines = [f'The answer "{answer.question}" rests on:', "", *map(_line, answer.sources), "", _review(answer)]
    return "\n".join(lines)


def _line(source: PublishedSource) -> str:
    place = f" ({source.url})" if source.url else ""
    return f"- {source.title}{place}, read on {source.read_on.isoformat()}"


def _review(answer: PublishedAnswer) -> str:
    if answer.reviewed_on is None:
        return "It has not yet been reviewed by this clinic."
    return f"It was reviewed by this clinic on {answer.reviewed_on.isoformat()}."
