"""Repairs shorthand and typing errors in front of matching, and never touches a term of the domain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import yaml
from symspellpy import SymSpell, Verbosity

from language.errors import TermsInvalid

MAX_EDITS = 2

REPAIR_FROM = 4
"""Shorter words are left alone: they have too many neighbours."""

TWO_EDITS_FROM = 7
"""Shorter words are repaired only by one letter."""

DICTIONARY_SIZE = 30_000
"""The most frequent words of English that count as spelled right (of the 82,765 that symspellpy ships)."""

DOMAIN_FREQUENCY = 10**8
"""Words of the domain win against everyday words at the same distance."""

_PIECE = re.compile(r"[A-Za-z0-9'’/-]+|[^A-Za-z0-9'’/-]+")


class Speller:
    """Repairs a text word by word."""

    def __init__(self, *, domain: Iterable[str], shorthand: dict[str, str]) -> None:
        self._shorthand = shorthand
        self._symspell = SymSpell(max_dictionary_edit_distance=MAX_EDITS, prefix_length=6)
        for word, count in _everyday_words():
            self._symspell.create_dictionary_entry(word, count)
        self._known = set(self._symspell.words) | {word.lower() for word in domain}
        for word in domain:
            self._symspell.create_dictionary_entry(word.lower(), DOMAIN_FREQUENCY)

    def repair(self, text: str) -> str:
        """Return `text` lower-cased, with shorthand written out and misspelled words replaced."""
        return "".join(map(self._repair_piece, _PIECE.findall(text.lower().replace("’", "'"))))

    def _repair_piece(self, piece: str) -> str:
        if piece in self._shorthand:
            return self._shorthand[piece]
        if len(piece) < REPAIR_FROM or not piece.isalpha() or piece in self._known:
            return piece
        distance = 2 if len(piece) >= TWO_EDITS_FROM else 1
        found = self._symspell.lookup(piece, Verbosity.TOP, max_edit_distance=distance)
        return found[0].term if found else piece


def _everyday_words() -> list[tuple[str, int]]:
    path = files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    lines = path.read_text(encoding="utf-8-sig").splitlines()[:DICTIONARY_SIZE]
    return [(word, int(count)) for word, count in (line.split() for line in lines)]


def read_shorthand(path: Path) -> dict[str, str]:
    """Read shorthand → full words.

    Raises:
        TermsInvalid: the file cannot be read as such a table.
    """
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {str(short).lower(): str(full) for short, full in table.items()}
    except (OSError, ValueError, yaml.YAMLError, AttributeError) as error:
        raise TermsInvalid(f"{path}: cannot be read as a table of shorthand: {error}") from error
