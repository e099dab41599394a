"""No question that measures us stands in the training data, the phrasings or the fitting questions, nor a near copy of one."""

import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from language.text import comparable, words

ROOT = Path(__file__).resolve().parents[2]
BANKS = [*(ROOT / "evaluation" / "questions").glob("*.jsonl"), *(ROOT.parent / "shared" / "questions").glob("*.jsonl")]

MIN_WORDS = 5
"""Shorter questions come near to one another by chance; they only must not be the same."""

NEAR_COPY = 0.9
"""Share of words in common (Jaccard) from which on a text is a near copy."""


def material() -> Iterator[str]:
    for file in (ROOT / "data" / "knowledge").rglob("*.phrasings.txt"):
        yield from file.read_text().splitlines()
    for file in (ROOT / "data" / "nlu").rglob("*.yml"):
        for entry in yaml.safe_load(file.read_text())["nlu"]:
            yield from (line.removeprefix("- ") for line in entry["examples"].splitlines())
    for file in (ROOT / "evaluation" / "fitting").glob("*.jsonl"):
        yield from (json.loads(line)["question"] for line in file.read_text().splitlines() if line.strip())


def questions() -> dict[str, frozenset[str]]:
    texts = (json.loads(line)["question"] for bank in BANKS for line in bank.read_text().splitlines() if line.strip())
    return {text: frozenset(words(text)) for text in texts if len(set(words(text))) >= MIN_WORDS}


def test_no_bank_question_stands_in_the_material() -> None:
    texts = (json.loads(line)["question"] for bank in BANKS for line in bank.read_text().splitlines() if line.strip())
    banks = {comparable(text) for text in texts} - {""}
    assert [line for line in material() if comparable(line) in banks] == []


def test_no_near_copy_was_learned() -> None:
    by_word: dict[str, list[str]] = {}
    banks = questions()
    for text, own in banks.items():
        for word in own:
            by_word.setdefault(word, []).append(text)
    copies = []
    for line in material():
        learned = frozenset(words(line))
        near = {text for word in learned for text in by_word.get(word, ())} if len(learned) >= MIN_WORDS else set()
        copies += [(line, text) for text in near if len(learned & banks[text]) >= NEAR_COPY * len(learned | banks[text])]
    assert copies == []
