"""What speaks for and against each candidate, as numbers for the ranking model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from knowledge.index import Candidate, Nearness
from knowledge.question import WHOLE_FIELD, Question

NEARNESS = ("best", "best_mean", "sentence", "words", "words_mean", "linear", "known", "known_in_text")

ANSWER_FEATURES = (
    "bias",
    *NEARNESS,
    "topic_linear",
    "topic_first",
    "topic_first_assumed",
    "named",
    "named_kin",
    "named_other",
    "named_but_general",
    "not_named",
    "assumed",
    "assumed_kin",
    "assumed_other",
    "loosely_assumed",
    "assumed_topic",
    "context_topic",
    "context_topic_loose",
    "just_shown",
    "just_shown_loose",
    "insurer",
    "insurer_other",
    "hint",
    "hint_field",
)

CLASS_FEATURES = ("bias", *NEARNESS, "named_any", "hint_own", "hint_other")

FIELD_HINTS = frozenset({"ask_other_operation", "ask_other_specialty"})
"""Classes whose words name another field of medicine, which no answer is about."""

FEATURES = (*(f"answer:{name}" for name in ANSWER_FEATURES), *(f"class:{name}" for name in CLASS_FEATURES))
"""One weight each. An answer has zeros for a class's features, and the other way round."""

INSURANCE = "insurance"


class Featurizer:
    """Knows how the candidates of one index are related, so that each question costs only array arithmetic."""

    def __init__(self, candidates: Sequence[Candidate], parents: dict[str, str | None]) -> None:
        self._candidates = candidates
        self._parents = parents
        self._is_answer = np.array([candidate.is_answer for candidate in candidates])
        self._is_general = np.array([not (candidate.procedures - {WHOLE_FIELD}) for candidate in candidates])
        self._topics = np.array([candidate.topic for candidate in candidates])
        self._topic_names, self._topic_places = np.unique(self._topics, return_inverse=True)

    def features(self, question: Question, nearness: Nearness) -> np.ndarray:
        """Return float32, shape (n_candidates, len(FEATURES))."""
        answers = np.stack([*_common(nearness), *self._of_topics(question, nearness), *self._relations(question)], axis=1)
        classes = np.stack([*_common(nearness), *self._hints(question)], axis=1)
        answers[~self._is_answer] = 0
        classes[self._is_answer] = 0
        return np.hstack([answers, classes]).astype(np.float32)

    def _hints(self, question: Question) -> list[np.ndarray]:
        own = np.array([candidate.id in question.hints for candidate in self._candidates], dtype=np.float32)
        return [self._all(bool(question.procedures)), own, (1 - own) * bool(question.hints)]

    def _of_topics(self, question: Question, nearness: Nearness) -> list[np.ndarray]:
        """Whether the candidate's topic is the nearest one, whatever the procedure; more telling where that is the last one."""
        is_first = self._topics == self._topics[np.argmax(nearness.best_mean * self._is_answer)]
        assumed, _, _ = self._to_procedures(question.assumed_procedures)
        return [self._topic_linear(nearness), is_first, is_first * assumed * question.leans]

    def _topic_linear(self, nearness: Nearness) -> np.ndarray:
        """How much the linear classifier gives to all answers of the candidate's topic together."""
        weights = np.clip(nearness.linear, 0, None)
        totals = np.bincount(self._topic_places, weights=weights, minlength=len(self._topic_names))
        return totals[self._topic_places]

    def _relations(self, question: Question) -> list[np.ndarray]:
        named, named_kin, named_other = self._to_procedures(question.procedures)
        assumed, assumed_kin, assumed_other = self._to_procedures(question.assumed_procedures)
        leans, insured = question.leans, self._topics == INSURANCE
        same_topic = (self._topics == (question.context.topic or "none")) & question.names_nothing
        return [
            named,
            named_kin,
            named_other,
            self._is_general & bool(question.procedures),
            ~self._is_general & (not question.procedures and not question.assumed_procedures),
            assumed * leans,
            assumed_kin * leans,
            assumed_other * leans,
            assumed * (not leans),
            self._topics == question.assumed_topic if question.assumed_topic else self._none(),
            same_topic & leans,
            same_topic & (not leans),
            self._are_shown(question) * leans,
            self._are_shown(question) * (not leans),
            insured & bool(question.insurers),
            ~insured & bool(question.insurers),
            self._all(bool(question.hints)),
            self._all(bool(question.hints & FIELD_HINTS)),
        ]

    def _are_shown(self, question: Question) -> np.ndarray:
        return np.array([candidate.id in question.context.shown for candidate in self._candidates], dtype=np.float32)

    def _to_procedures(self, procedures: frozenset[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return share of `procedures` that each candidate is about, whether a relative is, and whether only others are."""
        if not procedures:
            return self._none(), self._none(), self._none()
        same = self._each(lambda own: len(own & procedures) / len(procedures))
        kin = self._each(lambda own: any(self._are_kin(a, b) for a in own for b in procedures)) * (same == 0)
        other = ~self._is_general & (same == 0) & (kin == 0)
        return same, kin, other

    def _each(self, measure: Callable[[frozenset[str]], float]) -> np.ndarray:
        return np.array([measure(candidate.procedures) for candidate in self._candidates], dtype=np.float32)

    def _are_kin(self, first: str, second: str) -> bool:
        return self._parents.get(first) == second or self._parents.get(second) == first

    def _all(self, value: bool) -> np.ndarray:
        return np.full(len(self._candidates), value, dtype=np.float32)

    def _none(self) -> np.ndarray:
        return np.zeros(len(self._candidates), dtype=np.float32)


def _common(nearness: Nearness) -> list[np.ndarray]:
    return [np.ones_like(nearness.best), *(getattr(nearness, name) for name in NEARNESS)]
