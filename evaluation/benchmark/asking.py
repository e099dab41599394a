"""Asks the question banks, and gathers what stock Rasa and BM25 would have answered at any threshold."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track

from evaluation.bank import BankQuestion, Verdict, judge
from evaluation.benchmark.bm25 import Bm25
from evaluation.benchmark.client import Channel, Client, Replies, new_conversation, say_surely
from evaluation.benchmark.coverage import Guess
from evaluation.benchmark.material import Entry
from evaluation.benchmark.stock_project import REPLIES


@dataclass(frozen=True)
class Asked:
    """A question, what was replied, and what that counts as."""

    question: BankQuestion
    replies: Replies
    verdict: Verdict

    @property
    def is_answered(self) -> bool:
        """Whether an approved answer was given."""
        return any(reply["kind"] == "answer" for reply in self.replies)


def ask_all(channel: Channel, questions: Iterable[BankQuestion], name: str) -> list[Asked]:
    """Ask each question in a conversation of its own, after the turn before it if it has one."""
    client = Client(channel)
    asked = [_ask(client, question) for question in track(list(questions), description=f"{name}: questions")]
    client.close()
    return asked


def _ask(client: Client, question: BankQuestion) -> Asked:
    conversation = new_conversation()
    if question.previous_turn:
        say_surely(client, conversation, question.previous_turn)
    replies = say_surely(client, conversation, question.question)
    return Asked(question, replies, judge(question, replies))


def write_asked(path: Path, asked: Sequence[Asked]) -> None:
    """Keep every question and its replies, to be read by people."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        {"question": each.question.question, "kind": each.question.kind, "verdict": each.verdict.value, "replies": each.replies}
        for each in asked
    ]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def guesses_of_stock(channel: Channel, folder: Path, questions: Iterable[BankQuestion]) -> dict[str, list[Guess]]:
    """Return what the response selector chose for each question, with three ways to be sure of it."""
    known = json.loads((folder / REPLIES).read_text(encoding="utf-8"))
    variants: dict[str, list[Guess]] = {"intent": [], "response": [], "intent × response": []}
    client = Client(channel)
    for question in track(list(questions), description="stock Rasa: confidences"):
        text, intent, response = read_parse(client.post("/model/parse", {"text": question.question}), known)
        for name, score in zip(variants, (intent, response, intent * response), strict=True):
            variants[name].append(Guess(question, text, score))
    client.close()
    return variants


def read_parse(parsed: dict[str, Any], known: dict[str, Any]) -> tuple[str, float, float]:
    """Return the answer's text, the confidence in the intent `faq`, and that in the response."""
    intent = next((each["confidence"] for each in parsed["intent_ranking"] if each["name"] == "faq"), 0.0)
    response = parsed["response_selector"]["default"]["response"]
    text = known.get(response["intent_response_key"], {"text": ""})["text"]
    return text, float(intent), float(response["confidence"])


def guesses_of_bm25(material: Sequence[Entry], questions: Iterable[BankQuestion]) -> tuple[dict[str, list[Guess]], list[float]]:
    """Return the best answer by words for each question, with two ways to be sure of it, and the milliseconds of each search."""
    texts = [(phrasing, entry) for entry in material for phrasing in entry.phrasings]
    bm25 = Bm25([phrasing for phrasing, _ in texts])
    is_answer = np.array([entry.is_answer for _, entry in texts])
    variants: dict[str, list[Guess]] = {"score": [], "score above the best class": []}
    times = []
    for question in questions:
        began = time.perf_counter()
        scores = bm25.scores(question.question)
        best = int(np.where(is_answer, scores, -1).argmax())
        times.append((time.perf_counter() - began) * 1000)
        declined = float(np.where(is_answer, 0, scores).max())
        for name, score in zip(variants, (scores[best], scores[best] - declined), strict=True):
            variants[name].append(Guess(question, texts[best][1].text, float(score)))
    return variants, times
