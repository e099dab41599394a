"""Turns what the search says into replies (the Message of docs/api.md)."""

from __future__ import annotations

from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from knowledge.published import Published, PublishedAnswer
from knowledge.search import Match, Result

NONE_OF_THESE = {"title": "None of these", "payload": "/none_of_these"}

CLARIFY = "I want to be sure that I understand you. Which of these do you mean?"


def show_answer(dispatcher: CollectingDispatcher, answer: PublishedAnswer, assumed: str | None = None) -> None:
    """Say an approved answer, word for word, with its card."""
    dispatcher.utter_message(text=answer.text, json_message={"kind": "answer", "assumed": assumed, "answer": card(answer)})


def card(answer: PublishedAnswer) -> dict[str, Any]:
    """Return what is shown beside the text of `answer`."""
    return {
        "id": answer.id,
        "version": answer.version,
        "topic": answer.topic,
        "procedures": list(answer.procedures),
        "title": answer.question,
        "reviewed_on": answer.reviewed_on.isoformat() if answer.reviewed_on else None,
        "review_due_on": answer.review_due_on.isoformat(),
        "sources": [{"title": source.title, "url": source.url, "read_on": source.read_on.isoformat()} for source in answer.sources],
    }


def offer(dispatcher: CollectingDispatcher, matches: tuple[Match, ...]) -> None:
    """Ask which of several answers was meant."""
    buttons = [{"title": match.answer.question, "payload": choose(match.answer)} for match in matches]
    dispatcher.utter_message(text=CLARIFY, buttons=[*buttons, NONE_OF_THESE], json_message={"kind": "clarify"})


def choose(answer: PublishedAnswer) -> str:
    """Return the payload of the button that stands for `answer`."""
    return f'/choose_answer{{"answer_id": "{answer.id}"}}'


def assumption(result: Result, published: Published) -> str | None:
    """Return in words what was carried over from the last answer; None when nothing was."""
    names = [_lower_first(published.procedure_names[procedure]) for procedure in sorted(result.assumed_procedures)]
    if names:
        return f"about {' and '.join(names)}"
    if result.assumed_topic:
        return f"about {published.topic_names[result.assumed_topic].lower()}"
    return None


def _lower_first(name: str) -> str:
    """Names that are abbreviations or brands keep their capitals."""
    return name if name[:2].isupper() or name == "Botox" else name[0].lower() + name[1:]
