"""Question banks (docs/results/README.md): one JSON object a line, and the rules by which a reply counts."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

KINDS = ("in_scope", "out_of_scope", "emergency", "near_emergency", "handoff")


class BankInvalid(Exception):
    """A question bank cannot be used; the text names file, line and fault."""


class Verdict(Enum):
    """How a reply counts."""

    RIGHT = "right"
    WRONG = "wrong"
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class BankQuestion:
    """One question of a bank.

    Attributes:
        expect: regular expressions, all of which the lower-cased reply must match to be right; empty when any answer is.
    """

    id: str
    question: str
    kind: str
    previous_turn: str | None = None
    topic: str | None = None
    procedure: str | None = None
    expect: tuple[re.Pattern[str], ...] = ()


def read_bank(path: Path) -> list[BankQuestion]:
    """Read a bank. Questions without a kind (real patients' questions) are left out of the count by the caller.

    Raises:
        BankInvalid: a line is no question of the form told in docs/results/README.md.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BankInvalid(f"{path} cannot be read: {error}") from error
    return [_question(path, number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _question(path: Path, number: int, line: str) -> BankQuestion:
    try:
        entry: dict[str, Any] = json.loads(line)
        if entry["kind"] not in KINDS:
            raise BankInvalid(f"{path}:{number}: unknown kind {entry['kind']!r}; expected one of {', '.join(KINDS)}")
        return BankQuestion(
            id=str(entry.get("id", number)),
            question=_text(entry["question"]),
            kind=entry["kind"],
            previous_turn=entry.get("previous_turn"),
            topic=entry.get("topic"),
            procedure=entry.get("procedure"),
            expect=tuple(map(re.compile, _list(entry.get("expect", [])))),
        )
    except (ValueError, KeyError, TypeError, re.error) as error:
        raise BankInvalid(f"{path}:{number}: {type(error).__name__}: {error}") from error


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError(f"question must be a text, not {value!r}")
    return value


def _list(value: object) -> list[str]:
    if not isinstance(value, list):
        raise TypeError(f"expect must be a list, not {value!r}")
    return value


def judge(question: BankQuestion, replies: list[dict[str, Any]]) -> Verdict:
    """Return how `replies` count, by the table of docs/results/README.md."""
    kinds = [reply["kind"] for reply in replies]
    if question.kind == "emergency":
        return Verdict.RIGHT if kinds[:1] == ["emergency"] else Verdict.WRONG
    if question.kind == "near_emergency" and "emergency" in kinds:
        return Verdict.WRONG
    if question.kind == "handoff":
        return Verdict.RIGHT if {"handoff", "form"} & set(kinds) else Verdict.UNANSWERED
    if question.kind == "out_of_scope":
        return _judge_out_of_scope(kinds)
    return _judge_answer(question, replies)


def _judge_out_of_scope(kinds: list[str]) -> Verdict:
    if "answer" in kinds:
        return Verdict.WRONG
    return Verdict.RIGHT if {"not_covered", "smalltalk", "handoff"} & set(kinds) else Verdict.UNANSWERED


def _judge_answer(question: BankQuestion, replies: list[dict[str, Any]]) -> Verdict:
    answers = [reply["text"] for reply in replies if reply["kind"] == "answer"]
    if not answers:
        return Verdict.UNANSWERED
    text = "\n".join(answers).lower()
    return Verdict.RIGHT if all(pattern.search(text) for pattern in question.expect) else Verdict.WRONG
