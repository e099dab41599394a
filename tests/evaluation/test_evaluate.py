"""The table of an evaluation."""

from typing import Any

from evaluation.bank import BankQuestion, Verdict
from evaluation.evaluate import Asked, summary


def asked(verdict: Verdict, kind: str = "in_scope", topic: str | None = "stay") -> Asked:
    reply: dict[str, Any] = {"kind": "clarify", "text": "Which?", "answer": None, "buttons": []}
    return Asked(BankQuestion("1", "how long?", kind, topic=topic), [reply], verdict)


def test_rows_count_by_kind_and_by_topic() -> None:
    table = summary([asked(Verdict.RIGHT), asked(Verdict.RIGHT), asked(Verdict.WRONG), asked(Verdict.UNANSWERED, topic="risks")])
    assert "| in_scope | 4 | 2 (50.0%) | 1 (25.0%) | 1 (25.0%) |" in table
    assert "| stay | 3 | 2 (66.7%) | 1 (33.3%) | 0 (0.0%) |" in table
    assert "| risks | 1 | 0 (0.0%) | 0 (0.0%) | 1 (100.0%) |" in table


def test_topics_are_counted_in_scope_only() -> None:
    assert "| stay |" not in summary([asked(Verdict.RIGHT, kind="out_of_scope")])
