"""Finds the right approved answer to a question, or says honestly that there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from knowledge.features import Featurizer
from knowledge.index import Candidate, Index
from knowledge.published import Published, PublishedAnswer
from knowledge.question import WHOLE_FIELD, Context, Question
from knowledge.ranking import RankingModel, Thresholds
from language.terms import FoundTerm, TermMatcher
from language.text import clean, words

MAX_OFFERED = 4
"""How many answers are offered at most when it is unclear which was meant. Source: docs/architecture.md."""

OFFER_SHARE = 0.25
"""An answer is offered beside the first when its belief is at least this part of the first's. Source: docs/results/search-ranking.md."""

BOTH_SHARE = 0.5
"""Two answers to a question on two procedures must hold at least half of the belief."""

MIN_PART_WORDS = 3
"""A shorter piece of a message is no question of its own."""

_PARTS = re.compile(r"[?!.;\n]+|,?\s+(?:and|also|plus|but)\s+(?:also\s+)?|\(\w\)", re.IGNORECASE)

Encode = Callable[[str], np.ndarray]


class Decision(Enum):
    """What is to be done with a question."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    NOT_COVERED = "not_covered"


@dataclass(frozen=True)
class Match:
    """An answer that may fit, and how sure that is.

    Attributes:
        score: share of the belief among all candidates, in [0, 1].
    """

    answer: PublishedAnswer
    score: float


@dataclass(frozen=True)
class Result:
    """What the search says of a question.

    Attributes:
        decision: what to do.
        matches: to ANSWER, one for each part of the question; to CLARIFY, two to four to choose from; else empty.
        chance: of the first match being right, in [0, 1], calibrated.
        out_of_scope: the class of a question that is not answered; None when it is merely not covered.
        assumed_procedures, assumed_topic: what was carried over from the last answer.
    """

    decision: Decision
    matches: tuple[Match, ...]
    chance: float
    out_of_scope: str | None = None
    assumed_procedures: frozenset[str] = frozenset()
    assumed_topic: str | None = None


@dataclass(frozen=True)
class Nearest:
    """The answers nearest to a question, whatever is decided about it.

    Attributes:
        matches: the best first; empty for a release without answers.
        chance: of the first candidate being right, in [0, 1], calibrated.
        refused: share of the belief that the question is of a class that is not answered, in [0, 1].
        is_answer: False where such a class comes first.
    """

    matches: tuple[Match, ...]
    chance: float
    refused: float
    is_answer: bool


@dataclass(frozen=True)
class _Ranked:
    """The candidates in the order of belief, for one question."""

    question: Question
    shares: np.ndarray
    order: np.ndarray
    chance: float
    refused: float


class Search:
    """Searches one release. Immutable: a new release gets a new Search."""

    def __init__(
        self,
        published: Published,
        index: Index,
        model: RankingModel,
        *,
        matcher: TermMatcher,
        hints: Callable[[str], frozenset[str]],
        repair: Callable[[str], str],
        encode: Encode | None,
    ) -> None:
        self.published = published
        self._index = index
        self._model = model
        self._matcher = matcher
        self._hints = hints
        self._repair = repair
        self._encode = encode
        self._featurizer = Featurizer(index.candidates, published.parents)
        self._answers = {answer.id: answer for answer in published.answers}

    @property
    def has_vectors(self) -> bool:
        """False when the sentence encoder is missing and only words count."""
        return self._encode is not None

    @property
    def thresholds(self) -> Thresholds:
        """From which chance of being right on what is done."""
        return self._model.thresholds

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """All that a question can be about, in the order of the features' rows."""
        return self._index.candidates

    def answer(self, answer_id: str) -> PublishedAnswer | None:
        """Return a published answer by its id; None when it is not published."""
        return self._answers.get(answer_id)

    def search(self, text: str, context: Context = Context(), rejects: frozenset[str] = frozenset()) -> Result:
        """Find the answer to `text`, or to each of its parts.

        Args:
            text: as typed, of any length and content.
            context: what the last answer was about.
            rejects: ids of answers that were not meant.
        """
        whole = self._rank(self.understand(text, context, rejects))
        return self._two_answers(text, context, whole) or self._decide(whole)

    def nearest(self, text: str, context: Context = Context(), *, count: int = MAX_OFFERED) -> Nearest:
        """Return the `count` answers nearest to `text`, for people who choose for themselves, and for measurements."""
        ranked = self._rank(self.understand(text, context))
        places = [place for place in range(len(ranked.order)) if self._candidate(ranked, place).is_answer][:count]
        matches = tuple(self._match(ranked, place) for place in places)
        return Nearest(matches, ranked.chance, ranked.refused, self._candidate(ranked, 0).is_answer)

    def understand(self, text: str, context: Context = Context(), rejects: frozenset[str] = frozenset()) -> Question:
        """Return what is known about `text` before anything is looked up."""
        cleaned = clean(text)
        repaired = self._repair(cleaned)
        typed = self._matcher.find(cleaned)
        found = typed if repaired == cleaned.lower() else [*typed, *self._matcher.find(repaired)]
        return Question(
            text=cleaned,
            repaired=repaired,
            procedures=_ids(found, "procedure") - {WHOLE_FIELD},
            insurers=_ids(found, "insurer"),
            terms=tuple(term.text for term in typed),
            hints=self._hints(repaired),
            context=context,
            rejects=rejects,
        )

    def _rank(self, question: Question) -> _Ranked:
        features = self.features(question)
        shares = self._model.shares(features)
        for rejected in question.rejects:
            shares = np.where(self._is(rejected), 0, shares)
        shares = shares / shares.sum()
        refused = float(shares[[not candidate.is_answer for candidate in self._index.candidates]].sum())
        return _Ranked(question, shares, np.argsort(-shares), self._model.chance_right(shares, features), refused)

    def features(self, question: Question) -> np.ndarray:
        """Return the features of all candidates for `question`, as the ranking model takes them."""
        vector = self._encode(question.repaired) if self._encode else None
        return self._featurizer.features(question, self._index.nearness(question.repaired, vector))

    def _is(self, identifier: str) -> np.ndarray:
        return np.array([candidate.id == identifier for candidate in self._index.candidates])

    def _decide(self, ranked: _Ranked) -> Result:
        first = self._candidate(ranked, 0)
        thresholds = self._model.thresholds
        if not words(ranked.question.text):
            return Result(Decision.NOT_COVERED, (), 0.0, "noise")
        if not first.is_answer or ranked.refused >= thresholds.refuse:
            return Result(Decision.NOT_COVERED, (), ranked.chance, self._refused_class(ranked))
        both = self._one_for_each_procedure(ranked)
        if both:
            return Result(Decision.ANSWER, both, ranked.chance)
        if ranked.chance >= thresholds.answer:
            return self._with_assumptions(Result(Decision.ANSWER, (self._match(ranked, 0),), ranked.chance), ranked.question)
        if ranked.chance >= thresholds.clarify:
            return Result(Decision.CLARIFY, self._offered(ranked), ranked.chance)
        return Result(Decision.NOT_COVERED, (), ranked.chance)

    def _one_for_each_procedure(self, ranked: _Ranked) -> tuple[Match, ...]:
        """The first two answers, if two procedures are named and each answer is about one of them; else empty."""
        first, second = self._match(ranked, 0), self._second_answer(ranked)
        named = ranked.question.procedures
        about = [named & set(match.answer.procedures) for match in (first, second)]
        each_has_one = len(named) == 2 and all(len(own) == 1 for own in about) and about[0] != about[1]
        same_topic = first.answer.topic == second.answer.topic
        return (first, second) if each_has_one and same_topic and first.score + second.score >= BOTH_SHARE else ()

    def _second_answer(self, ranked: _Ranked) -> Match:
        """The next answer after the first place; the first again where a release has no other."""
        place = next((place for place in range(1, len(ranked.order)) if self._candidate(ranked, place).is_answer), 0)
        return self._match(ranked, place)

    def _refused_class(self, ranked: _Ranked) -> str:
        classes = (self._candidate(ranked, place) for place in range(len(ranked.order)))
        return next(candidate.id for candidate in classes if not candidate.is_answer)

    def _candidate(self, ranked: _Ranked, place: int) -> Candidate:
        candidate: Candidate = self._index.candidates[ranked.order[place]]
        return candidate

    def _match(self, ranked: _Ranked, place: int) -> Match:
        return Match(self._answers[self._candidate(ranked, place).id], float(ranked.shares[ranked.order[place]]))

    def _offered(self, ranked: _Ranked) -> tuple[Match, ...]:
        """The first answer and those that come near it; at least two, at most MAX_OFFERED."""
        answers = [place for place in range(len(ranked.order)) if self._candidate(ranked, place).is_answer][:MAX_OFFERED]
        matches = [self._match(ranked, place) for place in answers]
        near = [match for match in matches if match.score >= OFFER_SHARE * matches[0].score]
        return tuple(near if len(near) >= 2 else matches[:2])

    def _with_assumptions(self, result: Result, question: Question) -> Result:
        """Say what was carried over, if the answer is indeed about it."""
        answer = result.matches[0].answer
        procedures = question.assumed_procedures & set(answer.procedures)
        topic = question.assumed_topic if answer.topic == question.assumed_topic else None
        return replace(result, assumed_procedures=procedures, assumed_topic=topic)

    def _two_answers(self, text: str, context: Context, whole: _Ranked) -> Result | None:
        """Return two answers if the message holds two questions that are each answered surely; else None."""
        parts = [part.strip() for part in _PARTS.split(text) if part and len(words(part)) >= MIN_PART_WORDS]
        if not 2 <= len(parts) <= 3 or whole.refused >= self._model.thresholds.refuse:
            return None
        answered: dict[str, Result] = {}
        for still_to_come, result in zip(reversed(range(len(parts))), self._results_of_parts(parts, context), strict=True):
            if result.decision is Decision.ANSWER:
                answered[result.matches[0].answer.id] = result
            is_unsure = result.decision is Decision.ANSWER and result.chance < self.thresholds.both
            if is_unsure or result.out_of_scope or len(answered) + still_to_come < 2:
                return None
        topics = {result.matches[0].answer.topic for result in answered.values()}
        if len(answered) != 2 or len(topics) < 2:
            return None
        first, second = answered.values()
        return Result(Decision.ANSWER, first.matches + second.matches, min(first.chance, second.chance))

    def _results_of_parts(self, parts: list[str], context: Context) -> Iterator[Result]:
        """Each later part may lean on the one before it. A part is ranked when it is asked for: most messages are one question."""
        for part in parts:
            question = self.understand(part, context)
            yield self._decide(self._rank(question))
            context = replace(context, procedures=question.procedures or context.procedures)


def _ids(terms: list[FoundTerm], kind: str) -> frozenset[str]:
    return frozenset(term.id for term in terms if term.kind == kind)
