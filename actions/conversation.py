"""What the assistant remembers of a conversation, in Rasa's slots."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from knowledge.published import PublishedAnswer
from knowledge.question import Context

MISSES_BEFORE_PERSON = 2
"""After so many questions in a row without an answer, a person is offered first. Source: docs/architecture.md."""


@dataclass(frozen=True)
class Memory:
    """The state after the last reply.

    Attributes:
        topic, procedures: of the last answer, or None and empty.
        shown: ids of the answers in the last reply.
        offered: ids of the answers to choose from in the last reply.
        misses: questions in a row without an answer, 0 or more.
    """

    topic: str | None = None
    procedures: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    misses: int = 0

    @property
    def context(self) -> Context:
        return Context(self.topic, frozenset(self.procedures), frozenset(self.shown))

    def events(self) -> list[dict[str, Any]]:
        """Return what stores this memory in the tracker."""
        values = {
            "topic": self.topic,
            "procedures": list(self.procedures),
            "answers_shown": list(self.shown),
            "answers_offered": list(self.offered),
            "misses": self.misses,
        }
        return [SlotSet(name, value) for name, value in values.items()]


def recall(tracker: Tracker) -> Memory:
    """Return the memory in `tracker`; empty at the start. Slots of a wrong type count as empty."""
    return Memory(
        topic=_text(tracker.get_slot("topic")),
        procedures=_texts(tracker.get_slot("procedures")),
        shown=_texts(tracker.get_slot("answers_shown")),
        offered=_texts(tracker.get_slot("answers_offered")),
        misses=count_of(tracker.get_slot("misses")),
    )


def after_answers(answers: list[PublishedAnswer]) -> Memory:
    """Return the memory after `answers` were shown; follow-ups lean on the last of them."""
    last = answers[-1]
    return Memory(topic=last.topic, procedures=last.procedures, shown=tuple(answer.id for answer in answers))


def count_of(value: Any) -> int:
    """Return a whole number from a slot; 0 for anything else, as for what JSON calls Infinity."""
    return int(value) if isinstance(value, (int, float)) and math.isfinite(value) else 0


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
