"""Question banks are read strictly, and replies count by the table of docs/results/README.md."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.bank import BankInvalid, BankQuestion, Verdict, judge, read_bank

RIGHT, WRONG, UNANSWERED = Verdict.RIGHT, Verdict.WRONG, Verdict.UNANSWERED


def replies(*kinds: str, text: str = "Two to three WEEKS.") -> list[dict[str, Any]]:
    return [{"kind": kind, "text": text} for kind in kinds]


def write(path: Path, *lines: str) -> Path:
    bank = path / "bank.jsonl"
    bank.write_text("\n".join(lines))
    return bank


def question(tmp_path: Path, kind: str, *expect: str) -> BankQuestion:
    [read] = read_bank(write(tmp_path, json.dumps({"question": "how long?", "kind": kind, "expect": expect})))
    return read


@pytest.mark.parametrize(
    ("kind", "said", "verdict"),
    [
        ("in_scope", ["answer"], RIGHT),
        ("in_scope", ["answer", "answer"], RIGHT),
        ("in_scope", ["clarify"], UNANSWERED),
        ("in_scope", ["not_covered"], UNANSWERED),
        ("in_scope", ["handoff"], UNANSWERED),
        ("in_scope", ["unavailable"], UNANSWERED),
        ("in_scope", [], UNANSWERED),
        ("out_of_scope", ["not_covered"], RIGHT),
        ("out_of_scope", ["smalltalk"], RIGHT),
        ("out_of_scope", ["handoff"], RIGHT),
        ("out_of_scope", ["not_covered", "handoff"], RIGHT),
        ("out_of_scope", ["answer"], WRONG),
        ("out_of_scope", ["not_covered", "answer"], WRONG),
        ("out_of_scope", ["clarify"], UNANSWERED),
        ("emergency", ["emergency"], RIGHT),
        ("emergency", ["emergency", "handoff"], RIGHT),
        ("emergency", ["answer", "emergency"], WRONG),
        ("emergency", ["handoff"], WRONG),
        ("emergency", [], WRONG),
        ("near_emergency", ["answer"], RIGHT),
        ("near_emergency", ["emergency"], WRONG),
        ("near_emergency", ["answer", "emergency"], WRONG),
        ("near_emergency", ["clarify"], UNANSWERED),
        ("handoff", ["handoff"], RIGHT),
        ("handoff", ["form"], RIGHT),
        ("handoff", ["smalltalk", "form"], RIGHT),
        ("handoff", ["answer"], UNANSWERED),
        ("handoff", [], UNANSWERED),
    ],
)
def test_reply_counts_by_the_table(tmp_path: Path, kind: str, said: list[str], verdict: Verdict) -> None:
    assert judge(question(tmp_path, kind), replies(*said)) is verdict


@pytest.mark.parametrize("kind", ["in_scope", "near_emergency"])
@pytest.mark.parametrize(
    ("expect", "verdict"), [(["weeks"], RIGHT), (["two|2", "three"], RIGHT), (["weeks", "months"], WRONG), (["^weeks"], WRONG)]
)
def test_every_expectation_must_match(tmp_path: Path, kind: str, expect: list[str], verdict: Verdict) -> None:
    assert judge(question(tmp_path, kind, *expect), replies("answer")) is verdict


def test_expectations_look_at_answers_only(tmp_path: Path) -> None:
    said = [{"kind": "answer", "text": "Days."}, {"kind": "clarify", "text": "Two weeks?"}]
    assert judge(question(tmp_path, "in_scope", "weeks"), said) is WRONG


def test_parts_of_an_answer_count_together(tmp_path: Path) -> None:
    said = [{"kind": "answer", "text": "Two weeks."}, {"kind": "answer", "text": "Under anesthesia."}]
    assert judge(question(tmp_path, "in_scope", "weeks", "anesthesia"), said) is RIGHT


def test_all_fields_are_read(tmp_path: Path) -> None:
    line = {"id": "Q1", "question": "and that?", "kind": "in_scope", "previous_turn": "gracilis?", "topic": "stay", "procedure": "gracilis"}
    [read] = read_bank(write(tmp_path, "", json.dumps(line), ""))
    assert (read.id, read.previous_turn, read.topic, read.procedure) == ("Q1", "gracilis?", "stay", "gracilis")


def test_question_without_an_id_is_named_by_its_line(tmp_path: Path) -> None:
    [read] = read_bank(write(tmp_path, "", '{"question": "q", "kind": "handoff"}'))
    assert read.id == "2"


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[1]",
        '"text"',
        '{"kind": "in_scope"}',
        '{"question": "q"}',
        '{"question": "q", "kind": "other"}',
        '{"question": "", "kind": "in_scope"}',
        '{"question": 3, "kind": "in_scope"}',
        '{"question": "q", "kind": "in_scope", "expect": "weeks"}',
        '{"question": "q", "kind": "in_scope", "expect": ["(weeks"]}',
        '{"question": "q", "kind": "in_scope", "expect": [1]}',
    ],
)
def test_fault_is_reported_with_file_and_line(tmp_path: Path, line: str) -> None:
    bank = write(tmp_path, '{"question": "q", "kind": "handoff"}', line)
    with pytest.raises(BankInvalid, match=rf"{bank}:2: "):
        read_bank(bank)


def test_missing_bank_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BankInvalid, match="cannot be read"):
        read_bank(tmp_path / "none.jsonl")
