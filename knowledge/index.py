"""The searchable form of one release: what can be found, and how near each is to a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge.dot_products import DotProducts
from knowledge.vocabulary import Vocabulary

BEST = 3
"""How many of the nearest phrasings are averaged. One alone is easily a chance hit."""

RIDGE = 3.0
"""Regularisation of the linear classifier over candidates. Source: docs/results/search-ranking.md (1, 3 and 10 were tried)."""

EncodeAll = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Candidate:
    """Something that a question can be about: an answer, or a class of questions that are not answered.

    Attributes:
        id: of the answer, or of the out-of-scope intent.
        is_answer: False for an out-of-scope class.
        topic: of the answer; "" for a class.
        procedures: of the answer; empty for general answers and classes.
        phrasings: at least one. sentences: of the answer's text; empty for a class.
    """

    id: str
    is_answer: bool
    topic: str
    procedures: frozenset[str]
    phrasings: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Nearness:
    """How near a question is to each candidate, every array of shape (n_candidates,).

    Attributes:
        best, best_mean: cosine to the nearest phrasing, and mean over the nearest three.
        sentence: cosine to the nearest sentence of the answer; 0 where there is none.
        words, words_mean: the same two over words and letters (TF-IDF), in [0, 1].
        linear: score of a linear classifier over candidates, about 0 to 1.
        known, known_in_text: share of the question's telling words that the candidate uses at all, and in its answer's text.
    """

    best: np.ndarray
    best_mean: np.ndarray
    sentence: np.ndarray
    words: np.ndarray
    words_mean: np.ndarray
    linear: np.ndarray
    known: np.ndarray
    known_in_text: np.ndarray


class Index:
    """Immutable once built, so that a new release can be swapped in without a lock.

    `encode_all` is None when the sentence encoder is missing: then only the words count.
    """

    def __init__(self, candidates: Sequence[Candidate], encode_all: EncodeAll | None, repair: Callable[[str], str]) -> None:
        self.candidates = tuple(candidates)
        self.texts = [repair(phrasing) for candidate in candidates for phrasing in candidate.phrasings]
        self.owner = np.repeat(np.arange(len(candidates)), [len(candidate.phrasings) for candidate in candidates])
        self._groups = _Groups(self.owner, len(candidates))
        self._words = [_WordIndex(vectorizer, self.texts) for vectorizer in _vectorizers()]
        self._vocabulary = Vocabulary([(*candidate.phrasings, *candidate.sentences) for candidate in candidates])
        self._text_vocabulary = Vocabulary([candidate.sentences for candidate in candidates])
        self.has_vectors = encode_all is not None
        if encode_all is not None:
            self._build_vectors(encode_all)

    def _build_vectors(self, encode_all: EncodeAll) -> None:
        sentence_owner = [number for number, candidate in enumerate(self.candidates) for _ in candidate.sentences]
        self.vectors = encode_all(self.texts)
        self._products = DotProducts(self.vectors)
        self._sentence_products = DotProducts(encode_all([each for candidate in self.candidates for each in candidate.sentences]))
        self._sentence_groups = _Groups(np.array(sentence_owner, dtype=int), len(self.candidates))
        self._linear = self._fit_linear()

    def _fit_linear(self) -> np.ndarray:
        """Weights of the linear classifier over candidates: float32, shape (384, n_candidates)."""
        squares = self.vectors.T @ self.vectors + RIDGE * np.eye(self.vectors.shape[1])
        weights: np.ndarray = np.linalg.solve(squares, self.vectors.T @ self._targets()).astype(np.float32)
        return weights

    def _targets(self) -> np.ndarray:
        targets = np.zeros((len(self.owner), len(self.candidates)), dtype=np.float32)
        targets[np.arange(len(self.owner)), self.owner] = 1
        return targets

    def nearness(self, text: str, vector: np.ndarray | None) -> Nearness:
        """Return how near the repaired `text` with its `vector` is to each candidate."""
        words, words_mean = self._groups.best(self._word_scores(text))
        best, best_mean, sentence, linear = self._nearness_of_vectors(vector)
        known, known_in_text = self._vocabulary.known(text), self._text_vocabulary.known(text)
        return Nearness(best, best_mean, sentence, words, words_mean, linear, known, known_in_text)

    def _nearness_of_vectors(self, vector: np.ndarray | None) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return best, best_mean, sentence and linear; all 0 without an encoder."""
        if vector is None or not self.has_vectors:
            nothing = np.zeros(len(self.candidates), dtype=np.float32)
            return nothing, nothing, nothing, nothing
        best, best_mean = self._groups.best(self._products.with_vector(vector))
        sentence = self._sentence_groups.best(self._sentence_products.with_vector(vector))[0]
        return best, best_mean, sentence, vector @ self._linear

    def _word_scores(self, text: str) -> np.ndarray:
        scores: np.ndarray = np.mean([words.scores(text) for words in self._words], axis=0)
        return scores


class _Groups:
    """Rows that belong to the same candidate lie side by side, so that one pass gives the best of all."""

    def __init__(self, owner: np.ndarray, count: int) -> None:
        self._owner = owner
        self._present, self._starts = np.unique(owner, return_index=True)
        self._count = count

    def best(self, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the largest score of each candidate, and the mean of its largest three; 0 without rows."""
        left = scores.astype(np.float32)
        tops = [self._take_largest(left) for _ in range(BEST)]
        return tops[0], np.mean(tops, axis=0)

    def _take_largest(self, left: np.ndarray) -> np.ndarray:
        largest = np.zeros(self._count, dtype=np.float32)
        if len(left):
            largest[self._present] = np.maximum.reduceat(left, self._starts)
            left[left == largest[self._owner]] = 0
        return largest


class _WordIndex:
    """Texts by the words, or the pieces of words, that they share with a question.

    Weighs a question as the vectorizer does, without its checks of every call, which take longer than the search.
    """

    def __init__(self, vectorizer: TfidfVectorizer, texts: Sequence[str]) -> None:
        pieces = csr_matrix(vectorizer.fit_transform(texts), dtype=np.float32).T.tocsr()
        self._starts, self._texts, self._weights = pieces.indptr, pieces.indices, pieces.data
        self._pieces_of = vectorizer.build_analyzer()
        self._numbers, self._rarity = vectorizer.vocabulary_, vectorizer.idf_
        self._count = len(texts)

    def scores(self, text: str) -> np.ndarray:
        """Return the cosine of each text to `text`: float32, shape (n_texts,), in [0, 1]."""
        counts = Counter(self._numbers[piece] for piece in self._pieces_of(text) if piece in self._numbers)
        if not counts:
            return np.zeros(self._count, dtype=np.float32)
        weights = (1 + np.log(list(counts.values()))) * self._rarity[list(counts)]
        weights /= np.linalg.norm(weights)
        spans = [slice(self._starts[number], self._starts[number + 1]) for number in counts]
        texts = np.concatenate([self._texts[span] for span in spans])
        shared = np.concatenate([self._weights[span] * weight for span, weight in zip(spans, weights, strict=True)])
        return np.bincount(texts, shared, self._count).astype(np.float32)


def _vectorizers() -> tuple[TfidfVectorizer, TfidfVectorizer]:
    return (
        TfidfVectorizer(analyzer="word", ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\w+"),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
    )
