"""The statistical part of the red-flag screen: finds what the rules have no pattern for. It only ever adds an alarm.

A linear model over the words, pairs and triples of words of a message, and the groups of words that the rules know; docs/adr/0014
says why. Fitted by evaluation/fit_red_flags.py on written examples that stand in no bank.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from language.errors import TermsInvalid
from language.red_flag_reading import Reading

MODEL = "red_flag_model.npz"

FEATURES = 1 << 15
"""Places in the table of weights; 25,000 different features share them. More gave no better figures."""

THRESHOLD = 4.5
"""Least score of an alarm. The look-alikes of the halves A to F of the bank stay below 3; the margin is for those nobody has seen."""

MOST_WORDS = 240
"""Only so many words are read: as many as fit in a message that the gateway takes."""

_UNTOLD = frozenset("me person third victim self modal not".split())
"""Groups of words that stand in every message."""


class WordGroups:
    """Says which groups each word belongs to."""

    def __init__(self, groups: Mapping[str, str]) -> None:
        self._of_word: dict[str, tuple[str, ...]] = {}
        for name, listed in groups.items():
            for word in () if name in _UNTOLD else listed.split():
                self._of_word[word] = (*self._of_word.get(word, ()), f"<{name}")

    def features(self, reading: Reading) -> list[int]:
        """Return the different features of a message as places in the table of weights; empty for no words."""
        words, sentences = reading.words[:MOST_WORDS], reading.sentences
        found = set(words)
        found.update(group for word in set(words) for group in self._of_word.get(word, ()))
        for place in range(1, len(words)):
            if sentences[place] == sentences[place - 1]:
                pair = f"{words[place - 1]} {words[place]}"
                found.add(pair)
                if place > 1 and sentences[place] == sentences[place - 2]:
                    found.add(f"{words[place - 2]} {pair}")
        if words:
            found.update((f"^{words[0]}", f"^{' '.join(words[:2])}"))
        return [zlib.crc32(each.encode("utf-8", "replace")) % FEATURES for each in found]


class RedFlagModel:
    """Weights by feature, shape (FEATURES, 1 + kinds): the first column says whether to alarm, the others for what."""

    def __init__(self, weights: np.ndarray, bias: np.ndarray, kinds: Sequence[str], groups: WordGroups) -> None:
        self._weights = weights
        self._bias = bias
        self._kinds = tuple(kinds)
        self._groups = groups

    @classmethod
    def from_file(cls, path: Path, groups: WordGroups) -> RedFlagModel:
        """Read the weights that evaluation/fit_red_flags.py wrote.

        Raises:
            TermsInvalid: the file is missing or damaged.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                weights = stored["weights"].astype(np.float32) * stored["step"]
                return cls(weights, stored["bias"], [str(kind) for kind in stored["kinds"]], groups)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise TermsInvalid(f"{path}: cannot be read: {error}. Run: python -m evaluation.fit_red_flags") from error

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of alarm that it can tell apart."""
        return self._kinds

    def kind(self, reading: Reading) -> str | None:
        """Return the kind of alarm that a message calls for, None when it calls for none."""
        scores = self._scores(self._groups.features(reading))
        return self._kinds[int(scores[1:].argmax())] if scores[0] > THRESHOLD else None

    def score(self, reading: Reading) -> float:
        """Return how much a message looks like an emergency; above THRESHOLD it alarms."""
        return float(self._scores(self._groups.features(reading))[0])

    def _scores(self, features: Iterable[int]) -> np.ndarray:
        scores: np.ndarray = self._bias + self._weights[list(features)].sum(axis=0)
        return scores
