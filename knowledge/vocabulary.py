"""Which of a question's telling words each candidate uses: an answer that never speaks of massage hardly answers a question on it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from language.text import words

STEM_LETTERS = 5
"""Words count as the same when they begin alike: insure, insured, insurance."""

SMOOTHING = 0.2
"""Weight of a word that every candidate uses."""

_EMPTY_WORDS = frozenset(
    (
        "a about after am an and any are as at be been before but by can could did do does for from get got had has have he her his how i"
        " if in is it its just may me mine might my no not of off on one or our out she should so some than that the their them then there"
        " these they this those to up us was we were what when where which who why will with would you your"
    ).split()
)


class Vocabulary:
    """The words of several collections of texts, one collection for each candidate."""

    def __init__(self, collections: Sequence[Iterable[str]]) -> None:
        self._count = len(collections)
        users: dict[str, set[int]] = defaultdict(set)
        for number, texts in enumerate(collections):
            for text in texts:
                for stem in _stems(text):
                    users[stem].add(number)
        self._users = {stem: np.array(sorted(numbers)) for stem, numbers in users.items()}

    def known(self, text: str) -> np.ndarray:
        """Return the share of the question's words that each collection uses, rare words counting more.

        Returns:
            float32, shape (n_collections,), in [0, 1]; all 1 for a text without telling words.
        """
        stems = _stems(text)
        if not stems:
            return np.ones(self._count, dtype=np.float32)
        shares = np.zeros(self._count, dtype=np.float32)
        for stem in stems:
            if stem in self._users:
                shares[self._users[stem]] += self._weight(stem)
        return shares / sum(map(self._weight, stems))

    def _weight(self, stem: str) -> float:
        """Inverse document frequency; a word that nobody uses weighs most."""
        users = len(self._users[stem]) if stem in self._users else 0
        return math.log((self._count + 1) / (users + 1)) + SMOOTHING


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:STEM_LETTERS] for word in words(text.lower()) if word not in _EMPTY_WORDS)
