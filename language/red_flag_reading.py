"""Reads a message for the red-flag screen: words spelled as its patterns spell them, with their distances and clauses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files

REPAIR_FROM = 5
"""Shorter words have too many neighbours to be repaired; their usual slips stand in `shorthand`."""

TWO_EDITS_FROM = 8
REPAIR_UP_TO = 16
"""Longer strings are no words of the patterns, and cost time."""

MOST_REPAIRS = 20
"""Words repaired in one message; a text with more holds no sentence, and would take long."""

ENGLISH_WORDS = 30_000
"""The most frequent words of English are not repaired (of the 82,765 that symspellpy ships)."""

CLAUSE_STEP = 2
SENTENCE_STEP = 10
"""How far apart a comma and a full stop put two words, beside the one step from word to word."""

NUMBER, MANY, FEVER, YEAR = "<n>", "<many>", "<temp>", "<year>"
MANY_FROM = 6
FEVERS = ((38.0, 42.9), (100.3, 108.0))
"""Celsius and Fahrenheit. Source: general knowledge, for a clinician to confirm."""

YEARS = (1930, 2035)

_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|[.?!\n]+|[,;:()…]|\s[-–—]+\s")
_REPEATED = re.compile(r"(.)\1{2,}")
_SHORTENED = re.compile(r"\b(?:([ap])\.(m)|(mr|mrs|ms|dr|st|approx))\b\.")
_CONTRACTED = {verb: f"{verb}nt" for verb in ("do", "does", "did", "could", "would", "have", "has", "had", "should")}
_CONTRACTED |= {"can": "cant", "will": "wont"}
_WANTING = frozenset("want wants going have need".split())
_PAUSES = frozenset(",;:()…")
_CONTRASTS = frozenset("but though although however yet except".split())
_SUBJECTS = frozenset("i he she it they we my his her there".split())
_VERBS = frozenset("am is are cant has have keeps keep feel feels was need just had started went cannot dont doesnt".split())
_TURNS = _CONTRASTS | _VERBS
_NO_NEW_CLAUSE_AFTER = frozenset(
    "if when that unless what because can could will would do does did is am are should whether how why where like as until before after "
    "while since think thinks thought feel feels know sure said says than who not of about and or so see hope wish case once cause".split()
)


@dataclass(frozen=True)
class Reading:
    """A message as the patterns see it.

    Attributes:
        words: normalised, one row; numbers are `<n>`, `<many>`, `<temp>` or `<year>`.
        places: rising; the difference of two is their distance in words, pauses counted in.
        clauses: number of the clause of each word.
        sentences: number of the sentence of each word.
    """

    words: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    clauses: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)

    @cached_property
    def different(self) -> set[str]:
        """The different words."""
        return set(self.where)

    @cached_property
    def where(self) -> dict[str, list[int]]:
        """The places in `words` of each different word; only asked for when the reading is complete."""
        where: dict[str, list[int]] = {}
        for place, word in enumerate(self.words):
            where.setdefault(word, []).append(place)
        return where


class Reader:
    """Reads messages with the words that the patterns know."""

    def __init__(self, vocabulary: Iterable[str], shorthand: Mapping[str, str], english: Iterable[str]) -> None:
        self._shorthand = {short: tuple(long.split()) for short, long in shorthand.items()}
        self._vocabulary = frozenset(vocabulary)
        self._known = self._vocabulary | set(english)
        self._plain_words = self._known - set(self._shorthand) - {"not"}
        self._shortened: dict[str, set[str]] = {}
        for word in self._vocabulary:
            if len(word) >= REPAIR_FROM and word.isalpha():
                once = _shortenings(word)
                twice = {shorter for each in once for shorter in _shortenings(each)} if len(word) >= TWO_EDITS_FROM else once
                for shorter in twice:
                    self._shortened.setdefault(shorter, set()).add(word)

    def read(self, text: str) -> Reading:
        """Return `text` as words with places; empty when it holds none."""
        reading = Reading()
        words, places, clauses, sentences = reading.words, reading.places, reading.clauses, reading.sentences
        place, clause, sentence, repairs = 0, 0, 0, MOST_REPAIRS
        for token in _TOKEN.findall(_plain(text)):
            several: Sequence[str] = (token,)
            if token not in self._plain_words:
                if not token[0].isalnum():
                    is_end = token not in _PAUSES and not token.startswith("..") and not token[0].isspace()
                    place, clause, sentence = place + (SENTENCE_STEP if is_end else CLAUSE_STEP), clause + 1, sentence + is_end
                    continue
                repairs -= 1
                several = self._normalise(token, words, may_repair=repairs > 0)
            for word in several:
                place += 1
                if word in _TURNS:
                    clause += _opens_clause(word, reading, clause)
                words.append(word)
                places.append(place)
                clauses.append(clause)
                sentences.append(sentence)
        return reading

    def _normalise(self, token: str, before: list[str], *, may_repair: bool) -> Sequence[str]:
        if token[0].isdecimal():
            return ("to",) if token == "2" and before and before[-1] in _WANTING else (_number(token),)
        if token in self._shorthand:
            return self._shorthand[token]
        if token == "not":
            if short := _CONTRACTED.get(before[-1]) if before else None:
                before[-1] = short
                return ()
            return (token,)
        return self._repair(token) if may_repair else (token,)

    def _repair(self, token: str) -> Sequence[str]:
        single = _REPEATED.sub(r"\1", token)
        for candidate in (single, _REPEATED.sub(r"\1\1", token)):
            if candidate in self._shorthand:
                return self._shorthand[candidate]
            if candidate in self._known:
                return (candidate,)
        return (self._nearest(single),) if REPAIR_FROM - 1 <= len(single) <= REPAIR_UP_TO else (single,)

    def _nearest(self, token: str) -> str:
        found = {word for shorter in _shortenings(token) for word in self._shortened.get(shorter, ())}
        allowed = 2 if len(token) >= TWO_EDITS_FROM else 1
        ranked = sorted((_edits(token, word), token[0] != word[0], word) for word in found if abs(len(word) - len(token)) <= allowed)
        return ranked[0][2] if ranked and ranked[0][0] <= allowed else token


def everyday_words() -> dict[str, int]:
    """Return the most frequent words of English, with how often each was counted."""
    path = files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    lines = path.read_text(encoding="utf-8-sig").splitlines()[:ENGLISH_WORDS]
    return {word: int(count) for word, count in (line.split() for line in lines)}


def _plain(text: str) -> str:
    if not text.isascii():
        text = text.replace("’", "").replace("‘", "").replace("´", "")
        text = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return _SHORTENED.sub(r"\1\2\3 ", text.lower().replace("'", "").replace("`", ""))


def _number(token: str) -> str:
    value = float(token) if len(token) <= 6 else 0.0
    if YEARS[0] <= value <= YEARS[1] and "." not in token:
        return YEAR
    if any(low <= value <= high for low, high in FEVERS):
        return FEVER
    return MANY if value >= MANY_FROM else NUMBER


def _opens_clause(word: str, reading: Reading, clause: int) -> int:
    """Return 1 at a contrast, and at a verb whose subject begins a new statement in a run-on message (that subject moves along)."""
    words = reading.words
    if word in _CONTRASTS:
        return 1
    begins = word in _VERBS and len(words) > 1 and words[-1] in _SUBJECTS and words[-2] not in _NO_NEW_CLAUSE_AFTER
    if begins and reading.clauses[-2] == clause:
        reading.clauses[-1] = clause + 1
        return 1
    return 0


def _shortenings(word: str) -> set[str]:
    """Return `word` and what is left of it without any one letter."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _edits(first: str, second: str) -> int:
    """Return the number of letters put in, left out, changed or swapped with a neighbour between two words."""
    above: list[int] = []
    row = list(range(len(second) + 1))
    for i, one in enumerate(first, start=1):
        above, row, before = row, [i], above
        for j, other in enumerate(second, start=1):
            least = min(above[j] + 1, row[-1] + 1, above[j - 1] + (one != other))
            if i > 1 and j > 1 and one == second[j - 2] and first[i - 2] == other:
                least = min(least, before[j - 2] + 1)
            row.append(least)
    return row[-1]
