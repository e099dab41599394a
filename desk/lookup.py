"""Finds published answers by a few typed words, also unfinished ones, within milliseconds: for people who look things up.

It ranks and never decides: a person on the phone picks from the list. What answers visitors is `knowledge.search`.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher

from knowledge.published import Published, PublishedAnswer, answer_sentences
from language.text import words

MAX_FOUND = 8
"""What can be looked over with one glance."""

MAX_TYPED = 30
"""Words of a question that are looked at."""

MAX_ENDINGS = 40
"""How many words an unfinished word may stand for."""

TOO_COMMON = 0.2
"""A word in more than this part of all phrasings says nothing by itself."""

MIN_LIKENESS = 0.8
"""From here on a word that nobody wrote counts as a misspelling of one that somebody did."""

QUESTION, PHRASING, NAMES, SENTENCE = 1.15, 1.0, 0.9, 0.7
"""How much a match there is worth: an answer's own question most, a sentence of its text least."""

FIRST_MATCH, OTHER_MATCHES = 1.0, 0.1
"""An answer is as near as its best phrasing; further ones that fit decide between equals."""

UNFINISHED, MISSPELT = 0.9, 0.7


@dataclass(frozen=True)
class Found:
    """An answer and how near it is; higher is nearer, and 0 is never given."""

    answer: PublishedAnswer
    score: float


class Lookup:
    """Looks up one release. Immutable: a new release gets a new one. Building takes about a quarter of a second."""

    def __init__(self, published: Published) -> None:
        self.release_id = published.release_id
        self._answers = published.answers
        self._owners: list[int] = []
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        units = [unit for number, answer in enumerate(published.answers) for unit in _units(published, answer, number)]
        self._rarity = _rarity([stems for _, _, stems in units])
        for owner, worth, stems in units:
            self._add(owner, worth, stems)
        self._known = sorted(self._postings)

    def _add(self, owner: int, worth: float, stems: frozenset[str]) -> None:
        length = math.sqrt(sum(self._rarity[stem] ** 2 for stem in stems)) or 1.0
        for stem in stems:
            self._postings[stem].append((len(self._owners), worth * self._rarity[stem] / length))
        self._owners.append(owner)

    def find(self, typed: str, limit: int = MAX_FOUND) -> list[Found]:
        """Return the nearest answers, nearest first; empty when no word of it is known.

        Args:
            typed: what was typed so far; without a space at its end, its last word may be unfinished.
        """
        scores: dict[int, float] = defaultdict(float)
        for stem, weight in self._weights(typed).items():
            for unit, worth in self._postings[stem]:
                scores[unit] += weight * worth
        best, rest = self._of_answers(scores)
        totals = {number: FIRST_MATCH * score + OTHER_MATCHES * math.log1p(rest[number]) for number, score in best.items()}
        nearest = sorted(totals, key=lambda number: (-totals[number], self._answers[number].id))[:limit]
        return [Found(self._answers[number], totals[number]) for number in nearest]

    def _of_answers(self, scores: dict[int, float]) -> tuple[dict[int, float], dict[int, float]]:
        best: dict[int, float] = defaultdict(float)
        total: dict[int, float] = defaultdict(float)
        for unit, score in scores.items():
            owner = self._owners[unit]
            best[owner] = max(best[owner], score)
            total[owner] += score
        return best, {owner: total[owner] - best[owner] for owner in best}

    def _weights(self, typed: str) -> dict[str, float]:
        """The known words that are meant, each with its weight; the weights of all make a row of length 1."""
        meant: dict[str, float] = {}
        written = words(typed)[-MAX_TYPED:]
        is_open = bool(typed) and not typed[-1].isspace()
        for place, word in enumerate(written):
            for stem, share in self._meant(word, is_unfinished=is_open and place == len(written) - 1):
                meant[stem] = max(meant.get(stem, 0.0), share * self._rarity[stem])
        telling = {stem: weight for stem, weight in meant.items() if len(self._postings[stem]) <= TOO_COMMON * len(self._owners)}
        chosen = telling or meant
        length = math.sqrt(sum(weight**2 for weight in chosen.values())) or 1.0
        return {stem: weight / length for stem, weight in chosen.items()}

    def _meant(self, word: str, *, is_unfinished: bool) -> list[tuple[str, float]]:
        stem = _stem(word)
        exact = [(stem, 1.0)] if stem in self._postings else []
        endings = self._endings(word) if is_unfinished else []
        return exact + endings or ([] if is_unfinished and len(word) < 4 else self._misspelt(stem))

    def _endings(self, word: str) -> list[tuple[str, float]]:
        """The words that begin like an unfinished one. Together they weigh as much as one."""
        found: list[str] = []
        for place in range(bisect_left(self._known, word), len(self._known)):
            if not self._known[place].startswith(word) or len(found) == MAX_ENDINGS:
                break
            found.append(self._known[place])
        return [(stem, UNFINISHED / math.sqrt(len(found))) for stem in found]

    def _misspelt(self, stem: str) -> list[tuple[str, float]]:
        """The one known word that is most like it; words that begin alike only, which keeps this quick."""
        start = bisect_left(self._known, stem[:1])
        best, likeness = "", MIN_LIKENESS
        for place in range(start, len(self._known)):
            known = self._known[place]
            if known[:1] != stem[:1]:
                break
            if abs(len(known) - len(stem)) <= 2 and (ratio := SequenceMatcher(None, known, stem).ratio()) >= likeness:
                best, likeness = known, ratio
        return [(best, MISSPELT)] if best else []


def _units(published: Published, answer: PublishedAnswer, number: int) -> list[tuple[int, float, frozenset[str]]]:
    """Each piece of text by which an answer can be found: whose it is, its worth, its words."""
    names = " ".join(
        [published.topic_names.get(answer.topic, ""), *(published.procedure_names.get(name, "") for name in answer.procedures)]
    )
    pieces = [(QUESTION, f"{answer.question} {names}"), (QUESTION, answer.question), (NAMES, names)]
    pieces += [(PHRASING, phrasing) for phrasing in answer.phrasings]
    pieces += [(SENTENCE, sentence) for sentence in answer_sentences(f"{answer.text}\n{answer.script}")]
    return [(number, worth, stems) for worth, text in pieces if (stems := frozenset(map(_stem, words(text))))]


def _rarity(units: list[frozenset[str]]) -> dict[str, float]:
    counts: dict[str, int] = defaultdict(int)
    for stems in units:
        for stem in stems:
            counts[stem] += 1
    return {stem: math.log(1 + len(units) / count) for stem, count in counts.items()}


def _stem(word: str) -> str:
    """A word without the commonest endings, so that `scars` finds `scar` and `driving` finds `drive`."""
    bare = word.removesuffix("'s").replace("'", "")
    for ending in ("ing", "ed", "es", "s", "e"):
        if bare.endswith(ending) and len(bare) - len(ending) >= 3:
            return bare.removesuffix(ending)
    return bare
