"""Finds procedures, insurers and other listed terms in what a patient wrote, misspellings included."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import spacy
import yaml
from spacy.matcher import Matcher
from spacy.tokens import Span
from spacy.util import filter_spans

from language.errors import TermsInvalid
from language.text import MAX_CHARACTERS

FUZZY_FROM = 6
"""Shorter words must be spelled right: one changed letter makes another English word of most of them."""

FUZZY_TWO_FROM = 9
"""Words of this length may differ in two letters, shorter ones in one."""

FILES = {"procedure": "procedures.yml", "insurer": "insurers.yml"}


@dataclass(frozen=True)
class TermGroup:
    """One thing with all the names that patients give it.

    Attributes:
        kind: `procedure` or `insurer`.
        id: as in the knowledge files.
        terms: names, lower or mixed case.
        not_to_confuse_with: names that look alike and mean something else.
    """

    kind: str
    id: str
    terms: tuple[str, ...]
    not_to_confuse_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundTerm:
    """A term found in a text: `text[start:end]` names the group `id` of `kind`."""

    kind: str
    id: str
    text: str
    start: int
    end: int


@dataclass
class TermMatcher:
    """Finds the terms of all groups; the longest match wins where two overlap."""

    groups: Iterable[TermGroup]
    _language: Any = field(init=False, repr=False)
    _matcher: Matcher = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._language = spacy.blank("en")
        self._matcher = Matcher(self._language.vocab)
        for group in self.groups:
            self._add(f"{group.kind}:{group.id}", group.terms, fuzzy=True)
            self._add("confusable:", group.not_to_confuse_with, fuzzy=False)

    def _add(self, label: str, terms: Iterable[str], *, fuzzy: bool) -> None:
        patterns = [self._pattern(term, fuzzy=fuzzy) for term in terms]
        if patterns:
            self._matcher.add(label, patterns)

    def _pattern(self, term: str, *, fuzzy: bool) -> list[dict[str, Any]]:
        return [_token(token.lower_, fuzzy=fuzzy) for token in self._language(term)]

    def find(self, text: str) -> list[FoundTerm]:
        """Return the terms in `text` by position; empty when none is named.

        Only the first MAX_CHARACTERS are read: spaCy takes minutes for 100,000 question marks without a space.
        """
        doc = self._language(text[:MAX_CHARACTERS])
        spans = filter_spans(sorted(self._matcher(doc, as_spans=True), key=_exact_first))
        return [_found(span) for span in spans if span.label_ != "confusable:"]


def _exact_first(span: Span) -> bool:
    """An exact look-alike beats the misspelling of a term, so `myomectomy` is not `myectomy`."""
    return span.label_ != "confusable:"


def _token(word: str, *, fuzzy: bool) -> dict[str, Any]:
    if not fuzzy or len(word) < FUZZY_FROM or not word.isalpha():
        return {"LOWER": word}
    return {"LOWER": {"FUZZY2" if len(word) >= FUZZY_TWO_FROM else "FUZZY1": word}}


def _found(span: Span) -> FoundTerm:
    kind, _, identifier = span.label_.partition(":")
    return FoundTerm(kind, identifier, span.text, span.start_char, span.end_char)


def read_groups(folder: Path) -> list[TermGroup]:
    """Read the term groups of the knowledge files in `folder`.

    Raises:
        TermsInvalid: a file is missing, or an entry has no id or terms.
    """
    return [group for kind, name in FILES.items() for group in _read_file(kind, folder / name)]


def _read_file(kind: str, path: Path) -> list[TermGroup]:
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        return [TermGroup(kind, entry["id"], _texts(entry["terms"]), _texts(entry.get("not_to_confuse_with", []))) for entry in entries]
    except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise TermsInvalid(f"{path}: cannot be read as a list of terms: {error!r}") from error


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        raise TypeError(f"expected a list of terms, not {value!r}")
    return tuple(value)
