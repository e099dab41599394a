"""Plain word search (BM25) over all phrasings: what a search engine gives without any understanding."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from language.text import words

K1, B = 1.5, 0.75
"""The usual values. Source: Robertson and Zaragoza 2009, section 3.4; rank_bm25 has the same."""


class Bm25:
    """Scores texts by the words that they share with a query."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._vectorizer = CountVectorizer(tokenizer=words, lowercase=False, token_pattern=None)
        counts = csr_matrix(self._vectorizer.fit_transform(texts), dtype=np.float64)
        found_in = np.bincount(counts.indices, minlength=counts.shape[1])
        rarity = np.log1p((len(texts) - found_in + 0.5) / (found_in + 0.5))
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        norm = np.repeat(K1 * (1 - B + B * lengths / lengths.mean()), np.diff(counts.indptr))
        counts.data = counts.data * (K1 + 1) / (counts.data + norm) * rarity[counts.indices]
        self._weights = counts

    def scores(self, query: str) -> np.ndarray:
        """Return the score of each text, 0 or more: float64, shape (n_texts,)."""
        asked = self._vectorizer.transform([query])
        result: np.ndarray = (self._weights @ asked.T).toarray().ravel()
        return result
