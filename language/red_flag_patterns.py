"""Finds rows of words in a message. The notation is described in data/safety/red_flag_signs.yml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from language.errors import TermsInvalid
from language.red_flag_reading import FEVER, MANY, NUMBER, YEAR, Reading

GAPS = {"~": 2, "~~": 5}

NUMBER_WORDS = "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred dozen".split()

_PART = re.compile(r"\([^)]*\)|\S+")
_RARE = 1
_OPENERS = frozenset("and so ok okay also hi hello hey or then well please but question".split())


@dataclass(frozen=True)
class Span:
    """The words `start` to `end` of a reading, both included.

    Attributes:
        matched: those of them that the pattern asked for; the others stand in its gaps.
    """

    start: int
    end: int
    matched: tuple[int, ...] = ()


@dataclass(frozen=True)
class Element:
    """One of several words, or of several rows of words.

    Attributes:
        words: any of these.
        rows: or any of these rows, as patterns, by the words with which they begin.
    """

    words: frozenset[str]
    rows: Mapping[str, Sequence[Pattern]]

    def first_words(self) -> frozenset[str]:
        """Return the words by which a match can begin."""
        return self.words.union(self.rows)

    def longest(self) -> int:
        """Return the most words that a match can take."""
        return max([1, *(row.longest() for several in self.rows.values() for row in several)])

    def matches(self, reading: Reading, start: int) -> Iterable[tuple[int, ...]]:
        """Return the words of each match that begins at `start`."""
        word = reading.words[start]
        single = ((start,),) if word in self.words else ()
        if word not in self.rows:
            return single
        return (*single, *(found for row in self.rows[word] if (found := row.match(reading, start))))


@dataclass(frozen=True)
class Pattern:
    """Elements in order, with at most `gaps[i]` words in front of element i, which begins by one of `firsts[i]`.

    `opens`: only where a clause begins.
    """

    elements: tuple[Element, ...]
    gaps: tuple[int, ...]
    firsts: tuple[frozenset[str], ...]
    opens: bool = False

    def longest(self) -> int:
        """Return the most words that a match can take."""
        return sum(element.longest() for element in self.elements) + sum(self.gaps)

    def match(self, reading: Reading, start: int, element: int = 0) -> tuple[int, ...]:
        """Return the words of the match of the elements from `element` on that begins at `start`; empty when there is none."""
        for matched in self.elements[element].matches(reading, start):
            if element + 1 == len(self.elements):
                return matched
            following = matched[-1] + 1
            reach = following + self.gaps[element + 1] + 1
            last_place = reading.places[following - 1] + self.gaps[element + 1] + 1
            firsts = self.firsts[element + 1]
            for place, word in enumerate(reading.words[following:reach], start=following):
                if word in firsts and reading.places[place] <= last_place and (rest := self.match(reading, place, element + 1)):
                    return matched + rest
        return ()


@dataclass(frozen=True)
class _Entry:
    """A pattern of the sign `name`, tried where its rarest element may stand.

    Attributes:
        firsts: the words by which it can begin.
        before: most words between its beginning and its rarest element.
        needed: the words of its second rarest element, to rule it out at once.
    """

    name: str
    pattern: Pattern
    firsts: frozenset[str]
    before: int
    needed: frozenset[str]


class PatternBook:
    """Patterns by name, looked up by the rarest words in them."""

    def __init__(self, patterns: Mapping[str, Sequence[Pattern]], commonness: Mapping[str, int]) -> None:
        self._entries: dict[str, list[_Entry]] = {}
        for name, several in patterns.items():
            for pattern in several:
                self._add(name, pattern, commonness)

    def _add(self, name: str, pattern: Pattern, commonness: Mapping[str, int]) -> None:
        firsts = pattern.firsts
        rarest, needed, *_ = 2 * sorted(range(len(firsts)), key=lambda place: sum(commonness.get(word, _RARE) for word in firsts[place]))
        before = sum(element.longest() for element in pattern.elements[:rarest]) + sum(pattern.gaps[: rarest + 1])
        for word in firsts[rarest]:
            self._entries.setdefault(word, []).append(_Entry(name, pattern, firsts[0], before, firsts[needed]))

    def find(self, reading: Reading) -> dict[str, list[Span]]:
        """Return the spans of every name that is found in `reading`."""
        words = reading.words
        found: dict[str, list[Span]] = {}
        for word in reading.different & self._entries.keys():
            for entry in self._entries[word]:
                if entry.needed.isdisjoint(reading.different):
                    continue
                for place in reading.where[word]:
                    first = max(0, place - entry.before)
                    for start, opening in enumerate(words[first : place + 1], start=first):
                        if opening in entry.firsts and (span := _span(entry.pattern, reading, start, place)):
                            found.setdefault(entry.name, []).append(span)
        return found


def _span(pattern: Pattern, reading: Reading, start: int, place: int) -> Span | None:
    if pattern.opens and _is_inside(reading, start):
        return None
    matched = pattern.match(reading, start)
    return Span(start, matched[-1], matched) if matched and matched[-1] >= place else None


def _is_inside(reading: Reading, start: int) -> bool:
    return start > 0 and reading.clauses[start] == reading.clauses[start - 1] and reading.words[start - 1] not in _OPENERS


def compile_patterns(lines: Iterable[str], groups: Mapping[str, str]) -> list[Pattern]:
    """Return the patterns that `lines` stand for; a line with `&` stands for two.

    Raises:
        TermsInvalid: a line names an unknown group, or lacks a word between its signs.
    """
    return [_pattern(ordered, groups) for line in lines for ordered in _orders(line)]


def words_of(patterns: Iterable[Pattern]) -> set[str]:
    """Return every word that a pattern mentions."""
    return {
        word
        for pattern in patterns
        for element in pattern.elements
        for word in (*element.words, *words_of(row for rows in element.rows.values() for row in rows))
    }


def _orders(line: str) -> list[str]:
    left, sign, right = line.partition(" & ")
    return [f"{left} ~~ {right}", f"{right} ~~ {left}"] if sign else [line]


def _pattern(line: str, groups: Mapping[str, str]) -> Pattern:
    opens, line = line.startswith("^ "), line.removeprefix("^ ")
    elements: list[Element] = []
    gaps: list[int] = []
    gap = 0
    for part in _PART.findall(line):
        if part in GAPS:
            gap = GAPS[part]
            continue
        elements.append(_element(part, groups, line))
        gaps.append(gap)
        gap = 0
    if not elements or gap or gaps[0]:
        raise TermsInvalid(f"pattern {line!r}: a word is missing at one end")
    return Pattern(tuple(elements), tuple(gaps), tuple(element.first_words() for element in elements), opens)


def _element(part: str, groups: Mapping[str, str], line: str) -> Element:
    words: set[str] = set()
    rows: dict[str, list[Pattern]] = {}
    for alternative in part.removeprefix("(").removesuffix(")").split("|"):
        if " " in alternative.strip():
            row = _pattern(alternative, groups)
            for first in row.firsts[0]:
                rows.setdefault(first, []).append(row)
        else:
            words |= _words(alternative.strip(), groups, line)
    return Element(frozenset(words), rows)


def _words(word: str, groups: Mapping[str, str], line: str) -> set[str]:
    if word == NUMBER:
        return {NUMBER, MANY, FEVER, *NUMBER_WORDS}
    if word == MANY:
        return {MANY, FEVER, *NUMBER_WORDS[5:]}
    if word in (FEVER, YEAR):
        return {word}
    if not word.startswith("<"):
        return {word}
    try:
        return set(groups[word.strip("<>")].split())
    except KeyError as error:
        raise TermsInvalid(f"pattern {line!r}: there is no group {word}") from error
