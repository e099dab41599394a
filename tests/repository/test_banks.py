"""No question that measures us stands in the training data, the phrasings or the fitting questions, nor a near copy of one."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from language.text import comparable, words

ROOT = Path(__file__).resolve().parents[2]
BANKS = [*(ROOT / "evaluation" / "questions").glob("*.jsonl"), *(ROOT.parent / "shared" / "questions").glob("*.jsonl")]

MIN_WORDS = 4
"""Shorter questions come near to one another by chance; they only must not be the same."""

NEAR_COPY = 0.9
"""Share of words in common (Jaccard) from which on a text is a near copy."""


def entries(file: Path) -> Iterator[dict[str, str]]:
    return (json.loads(line) for line in file.read_text().splitlines() if line.strip())


@pytest.fixture(scope="module")
def material() -> list[str]:
    """What the assistant learns or is fitted from. The titles of answers are left out: some are the plainest way to ask."""
    lines: list[str] = []
    for file in (ROOT / "data" / "knowledge").rglob("*.phrasings.txt"):
        lines += file.read_text().splitlines()
    for file in (ROOT / "data" / "knowledge" / "answers").rglob("*.yml"):
        lines += yaml.load(file.read_text(), yaml.CSafeLoader).get("phrasings") or []
    for file in (ROOT / "data" / "nlu").rglob("*.yml"):
        for entry in yaml.safe_load(file.read_text())["nlu"]:
            lines += [line.removeprefix("- ") for line in entry["examples"].splitlines()]
    for file in (ROOT / "evaluation" / "fitting").glob("*.jsonl"):
        for entry in entries(file):
            lines.append(entry["question"])  # a previous turn has no label: nothing is learned from it
    return lines


@pytest.fixture(scope="module")
def questions() -> list[str]:
    found = [entry["question"] for bank in BANKS for entry in entries(bank)]
    assert found
    return found


def test_no_bank_question_stands_in_the_material(material: list[str], questions: list[str]) -> None:
    banks = set(map(comparable, questions)) - {""}
    assert [line for line in material if comparable(line) in banks] == []


def test_no_near_copy_was_learned(material: list[str], questions: list[str]) -> None:
    banks = {text: frozenset(words(text)) for text in questions if len(words(text)) >= MIN_WORDS}
    by_word = by_rare_words(banks)
    copies = []
    for line in material:
        learned = frozenset(words(line))
        near = {text for word in learned for text in by_word.get(word, ())}
        copies += [(line, text) for text in near if len(learned & banks[text]) >= NEAR_COPY * len(learned | banks[text])]
    assert copies == []


def by_rare_words(banks: dict[str, frozenset[str]]) -> dict[str, list[str]]:
    """Return the questions by so many of their rarest words that every near copy must hold one of them."""
    frequency = Counter(word for own in banks.values() for word in own)
    found = defaultdict(list)
    for text, own in banks.items():
        may_lack = int((1 - NEAR_COPY) * len(own) + 1e-9)
        for word in sorted(own, key=lambda each: (frequency[each], -len(each)))[: may_lack + 1]:
            found[word].append(text)
    return found
