"""Says whether a sign in a message is meant and present: not denied, long past, only feared, or said in jest."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

from language.red_flag_patterns import PatternBook, Span
from language.red_flag_reading import Reading

NEGATION_REACH = 5
"""Words between a denial and what it denies, within one clause."""

CUE_NEGATION_REACH = 2
LIST_ITEM_WORDS = 3
"""As many words, set off by commas after a denial, go on with its list ("no fever, chills or pus")."""

HISTORY_REACH = 30
OVER_REACH = 4

_CONTRASTS = frozenset(("but", "however", "though", "although", "yet"))

_STATING = frozenset("is am are was were cant has have keeps keep feel feels wont got went gets i he she it my his her".split())
"""Words that make a new statement of what would otherwise be one more item of a list."""

_OF_ANOTHER = frozenset("and my his her he she".split())
"""Between a sign and "is gone": then something else is gone."""

PRESENT = ("now", "newly", "clock", "sudden")


class Meaning:
    """What surrounds the signs of one message; every cue is looked for when it is first asked for."""

    def __init__(self, reading: Reading, cues: Mapping[str, PatternBook], negators: frozenset[str]) -> None:
        self._reading = reading
        self._books = cues
        self._negators = negators
        self._found: dict[str, list[Span]] = {}
        self._meant: dict[tuple[Span, bool, Collection[str]], bool] = {}

    def cue(self, name: str) -> list[Span]:
        """Return where the cue stands, without the places that `not_<name>` and a denial rule out."""
        if name not in self._found:
            spans = self._books[name].find(self._reading).get(name, []) if name in self._books else []
            exceptions = self.cue(f"not_{name}") if f"not_{name}" in self._books else []
            spans = [span for span in spans if not any(_overlap(span, other) for other in exceptions)]
            self._found[name] = [span for span in spans if name not in PRESENT or not self._is_denied(span, CUE_NEGATION_REACH)]
        return self._found[name]

    def distance(self, first: Span, second: Span) -> int:
        """Return the words between two spans, pauses counted in; 0 when they touch or overlap."""
        places = self._reading.places
        return max(0, places[second.start] - places[first.end] - 1, places[first.start] - places[second.end] - 1)

    def is_near(self, name: str, span: Span, within: int) -> bool:
        """Say whether the cue stands at most `within` words from `span`."""
        return any(self.distance(span, cue) <= within for cue in self.cue(name))

    def is_meant(self, span: Span, is_stroke: bool, despite: Collection[str]) -> bool:
        """Say whether nothing makes the span doubtful but what is named in `despite`.

        Args:
            is_stroke: signs of a stroke count although they went away, and are history when the next sentences say so.
            despite: some of `idiom`, `negated`, `history`, `since`, `theory`, `over`.
        """
        key = (span, is_stroke, despite)
        if key not in self._meant:
            self._meant[key] = not (
                self.is_idiom(span)
                or ("negated" not in despite and self.is_negated(span))
                or ("theory" not in despite and self.is_theory(span))
                or ("history" not in despite and self.is_history(span, "history", across=is_stroke))
                or ("since" not in despite and self.is_history(span, "since", across=is_stroke))
                or ("over" not in despite and not is_stroke and self.is_over(span))
            )
        return self._meant[key]

    def is_idiom(self, span: Span) -> bool:
        """Say whether a figure of speech takes part of the span."""
        return any(_overlap(span, idiom) for idiom in self.cue("idiom"))

    def is_negated(self, span: Span) -> bool:
        """Say whether the clause of the span, or the list that it goes on with, denies it."""
        inside = any(span.start < place < span.end and place not in span.matched for place in self._denials)
        return inside or self._is_denied(span, NEGATION_REACH) or self._is_in_denied_list(span)

    def is_history(self, span: Span, told_by: str, *, across: bool) -> bool:
        """Say whether the span is told of long ago: a word of history is nearer to it than any word of now.

        Args:
            told_by: the cue that tells of it.
            across: take words of history in other clauses and sentences too, not only in this clause and the next.
        """
        past = min((self.distance(span, cue) for cue in self.cue(told_by) if self._is_told_of(span, cue, across)), default=None)
        if past is None or past > HISTORY_REACH:
            return False
        if any(self._reading.sentences[span.start] == self._reading.sentences[cue.start] for cue in self.cue("clock")):
            return False
        return not any(self.distance(span, cue) <= past for name in PRESENT for cue in self.cue(name))

    def is_theory(self, span: Span) -> bool:
        """Say whether the span stands in a question or a fear about what may be, with nothing that happens now beside it."""
        if self.cue("study"):
            return True
        reading = self._reading
        before = (cue for cue in self.cue("theory") if cue.start <= span.start)
        asked = (*before, *self.cue("theory_anywhere"))
        if not any(reading.clauses[cue.end] == reading.clauses[span.start] or _overlap(cue, span) for cue in asked):
            return False
        sentence = reading.sentences[span.start]
        return not any(reading.sentences[cue.start] == sentence for name in ("now", "clock") for cue in self.cue(name))

    def is_over(self, span: Span) -> bool:
        """Say whether the words right after the span say that it has ended."""
        reading = self._reading
        return any(
            cue.start > span.end
            and reading.places[cue.start] - reading.places[span.end] <= OVER_REACH
            and _OF_ANOTHER.isdisjoint(reading.words[span.end + 1 : cue.start])
            for cue in self.cue("over")
        )

    def _is_told_of(self, span: Span, cue: Span, across: bool) -> bool:
        """Say whether the history `cue` can belong to `span`: never over a contrast ("since 2017, but my arm is limp")."""
        clauses = self._reading.clauses
        if across and cue.end < span.start:
            return not _CONTRASTS.intersection(self._reading.words[cue.end : span.start])
        if across:
            return True
        return clauses[span.start] <= clauses[cue.end] and clauses[cue.start] <= clauses[span.end] + 1

    @cached_property
    def _denials(self) -> list[int]:
        kept = {place for span in self.cue("not_negation") for place in range(span.start, span.end + 1)}
        return [place for place, word in enumerate(self._reading.words) if word in self._negators and place not in kept]

    def _is_denied(self, span: Span, reach: int) -> bool:
        reading = self._reading
        return any(
            place < span.start
            and reading.clauses[place] == reading.clauses[span.start]
            and reading.places[span.start] - reading.places[place] <= reach
            for place in self._denials
        )

    def _is_in_denied_list(self, span: Span) -> bool:
        clauses = self._reading.clauses
        clause = clauses[span.start]
        while clause in clauses and self._is_list_item(clause):
            clause -= 1
            if any(clauses[place] == clause for place in self._denials):
                return self._reading.sentences[clauses.index(clause)] == self._reading.sentences[span.start]
        return False

    def _is_list_item(self, clause: int) -> bool:
        words = [word for word, of in zip(self._reading.words, self._reading.clauses, strict=False) if of == clause]
        return len(words) <= LIST_ITEM_WORDS and _STATING.isdisjoint(words)


def _overlap(first: Span, second: Span) -> bool:
    return first.start <= second.end and second.start <= first.end
