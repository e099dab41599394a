"""Words that speak for something, looked up in a text by whole words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from language.errors import TermsInvalid
from language.text import words

LONGEST = 4
"""Words in the longest term that is looked up."""


class Lexicon:
    """Terms by the label that they speak for. A term also matches with a plural s."""

    def __init__(self, terms: Mapping[str, Iterable[str]]) -> None:
        self._labels: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for label, own in terms.items():
            if isinstance(own, str):
                raise TypeError(f"{label}: expected a list of terms, not {own!r}")
            for term in own:
                self._labels[tuple(words(str(term)))].add(label)

    @property
    def labels(self) -> frozenset[str]:
        """All labels that can be found."""
        return frozenset(label for labels in self._labels.values() for label in labels)

    def find(self, text: str) -> frozenset[str]:
        """Return the labels of all terms in `text`; empty when there is none."""
        found = words(text)
        plain = [word.removesuffix("s") for word in found]
        pieces = (
            tuple(source[start : start + length])
            for source in (found, plain)
            for length in range(1, LONGEST + 1)
            for start in range(len(source) - length + 1)
        )
        return frozenset(label for piece in pieces for label in self._labels.get(piece, ()))


def read_lexicon(path: Path) -> Lexicon:
    """Read label → terms.

    Raises:
        TermsInvalid: the file cannot be read as such a table.
    """
    try:
        return Lexicon(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, yaml.YAMLError, AttributeError, TypeError) as error:
        raise TermsInvalid(f"{path}: cannot be read as a table of terms: {error}") from error
