"""`python -m evaluation.fit_red_flags` fits the statistical part of the red-flag screen and writes data/safety/red_flag_model.npz.

Puts the signs and the surroundings of evaluation/fitting/red_flags.yml together, adds the messages of red_flags.jsonl beside it (whole
batches, measured before they were used), and takes every question that the assistant is meant to answer or to decline as what calls
for no alarm. No bank is read. The same files give the same weights.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from evaluation.red_flags import CLINIC, SAFETY, Message, read_messages, read_phrasings
from knowledge.clinic import read_clinic
from language.red_flag_model import FEATURES, MODEL, WordGroups
from language.red_flags import WORDS, Screen

EXAMPLES = Path("evaluation/fitting/red_flags.yml")
MESSAGES = Path("evaluation/fitting/red_flags.jsonl")

SEED = 1
TURNS = 12
"""Examples from a sign without alternatives."""

MOST_TURNS = 40
MESSAGE_TURNS = 20
"""A whole message says more about how people write than one put together. 0, 6 and 20 were tried on a batch not yet used."""

DOUBTS = 2
LOOSENESS = 3.0
"""Inverse of the penalty on large weights; 0.1 to 3 were tried on the halves A to F."""

WITH_A_QUESTION = 0.22
"""Part of the examples that stand beside an ordinary question."""

TIMELESS = frozenset(("self_harm", "abuse", "overdose", "infection", "sepsis"))
"""Kinds whose signs count however they are asked about."""

_EITHER = re.compile(r"\(([^()]*\|[^()]*)\)")


@dataclass(frozen=True)
class Example:
    """A written message and the kind of alarm that it calls for; empty for none."""

    text: str
    kind: str


class Writer:
    """Writes examples from the signs and surroundings of a file."""

    def __init__(self, file: Mapping[str, Any], messages: Sequence[Message], ordinary: Sequence[str]) -> None:
        self._file = file
        self._messages = messages
        self._ordinary = ordinary
        self._chance = random.Random(SEED)

    def write(self) -> Iterator[Example]:
        """Yield every example."""
        for kind, signs in self._file["signs"].items():
            for sign in signs["plain"]:
                yield from self._plain(kind, sign)
            for sign in signs["fresh"]:
                yield from self._fresh(kind, sign)
            yield from self._asked_about(signs)
        for alike in self._file["alike"]:
            yield from (self._beside_a_question(self._say("present_alike", alike), "") for _ in range(min(MOST_TURNS, 2 * ways(alike))))
        for message in self._messages:
            kind = message.group if message.is_emergency else ""
            yield from (self._beside_a_question(message.text, kind) for _ in range(MESSAGE_TURNS))
        yield from (Example(text, "") for text in self._ordinary)

    def _plain(self, kind: str, sign: str) -> Iterator[Example]:
        for _ in range(turns(sign)):
            yield self._beside_a_question(self._say("present", sign), kind)
        for _ in range(0 if kind in TIMELESS else DOUBTS):
            yield self._beside_a_question(self._say("doubt", sign), "")

    def _fresh(self, kind: str, sign: str) -> Iterator[Example]:
        for _ in range(turns(sign)):
            yield self._beside_a_question(self._say("present", self._say("fresh", sign)), kind)
        for surroundings, times in (("longtime", TURNS // 2), ("doubt", TURNS // 3)):
            for _ in range(times):
                yield self._beside_a_question(self._say(surroundings, sign), "")

    def _asked_about(self, signs: Mapping[str, Sequence[str]]) -> Iterator[Example]:
        for noun in signs["noun"]:
            for around in (*self._file["theory"], *self._file["denied"], *self._file["past"]):
                yield self._beside_a_question(around.replace("{}", noun), "")
        for once in signs["once"]:
            for around in self._file["once"]:
                yield self._beside_a_question(self._person(around.replace("{}", once)), "")

    def _say(self, surroundings: str, sign: str) -> str:
        return str(self._chance.choice(self._file[surroundings])).replace("{}", self._person(sign))

    def _person(self, text: str) -> str:
        subject, possessive = self._chance.choice(self._file["persons"])
        while either := _EITHER.search(text):
            text = text[: either.start()] + self._chance.choice(either[1].split("|")) + text[either.end() :]
        return " ".join(text.replace("{S}", subject).replace("{P}", possessive).split())

    def _beside_a_question(self, text: str, kind: str) -> Example:
        if self._chance.random() >= WITH_A_QUESTION:
            return Example(text, kind)
        both = [text, self._chance.choice(self._ordinary)]
        self._chance.shuffle(both)
        return Example(". ".join(both), kind)


def read_questions() -> Iterator[str]:
    """Yield the questions and the talk that the ranking is fitted on."""
    for path in sorted(EXAMPLES.parent.glob("*.jsonl")):
        if path != MESSAGES:
            yield from (json.loads(line)["question"] for line in path.read_text(encoding="utf-8").splitlines())


def ways(sign: str) -> int:
    """Return in how many ways a sign with alternatives can be said."""
    return int(np.prod([len(either.split("|")) for either in _EITHER.findall(sign)] or [1]))


def turns(sign: str) -> int:
    """Return how many examples are made from a sign."""
    return TURNS if ways(sign) == 1 else min(MOST_TURNS, ways(sign))


def fit(rows: Sequence[Sequence[int]], kinds: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the weights, shape (FEATURES, 1 + kinds), as signed bytes with their step, the bias of each column and the kinds."""
    features = csr_matrix(
        (np.ones(sum(map(len, rows))), np.concatenate(rows).astype(int), np.cumsum([0, *map(len, rows)])), shape=(len(rows), FEATURES)
    )
    of_kind = np.array(kinds)
    alarm = LogisticRegression(C=LOOSENESS, max_iter=1000).fit(features, of_kind != "")
    which = LogisticRegression(C=LOOSENESS, max_iter=1000).fit(features[of_kind != ""], of_kind[of_kind != ""])
    weights = np.vstack([alarm.coef_, which.coef_]).T
    step = np.abs(weights).max() / 127
    return {
        "weights": np.round(weights / step).astype(np.int8),
        "step": np.float32(step),
        "bias": np.concatenate([alarm.intercept_, which.intercept_]).astype(np.float32),
        "kinds": which.classes_.astype("U20"),
    }


def main() -> int:
    """Fit and write the model."""
    screen = Screen.from_files(SAFETY, read_clinic(CLINIC).numbers, with_model=False)
    ordinary = [text for text in (*(text for _, text in read_phrasings()), *read_questions()) if not screen.check(text)]
    examples = list(Writer(yaml.safe_load(EXAMPLES.read_text(encoding="utf-8")), read_messages(MESSAGES), ordinary).write())
    groups = WordGroups(yaml.safe_load((SAFETY / WORDS).read_text(encoding="utf-8"))["groups"])
    rows = [groups.features(screen.read(example.text)) for example in examples]
    np.savez_compressed(SAFETY / MODEL, **fit(rows, [example.kind for example in examples]))  # type: ignore[arg-type]
    print(f"Fitted on {len(examples):,} examples, {sum(bool(example.kind) for example in examples):,} of them emergencies.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
