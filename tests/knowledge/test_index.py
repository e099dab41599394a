"""How near a question is to each candidate."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge.index import Candidate, Index
from knowledge.published import answer_sentences

CANDIDATES = (
    Candidate("recovery/general", True, "recovery", frozenset(), ("how long is recovery", "weeks of recovery"), ("It takes some weeks.",)),
    Candidate("risks/scars", True, "risks", frozenset(), ("will i have a scar", "is there a scar"), ()),
)


def vector_of(text: str) -> np.ndarray:
    """Stand in for the encoder: one direction for texts on recovery, another for all others."""
    vector = np.zeros(384, dtype=np.float32)
    vector[0 if "recovery" in text or "weeks" in text else 1] = 1
    return vector


def encode_all(texts: object) -> np.ndarray:
    return np.stack([vector_of(text) for text in texts])  # type: ignore[attr-defined]


def test_words_alone_give_nearness_between_0_and_1() -> None:
    nearness = Index(CANDIDATES, None, str.lower).nearness("how long is recovery", None)
    assert nearness.words[0] > 0.99
    assert nearness.words[0] > nearness.words[1] >= 0
    assert not nearness.best.any()
    assert not nearness.linear.any()


def test_vectors_give_nearness_to_phrasings_and_sentences() -> None:
    nearness = Index(CANDIDATES, encode_all, str.lower).nearness("recovery", vector_of("recovery"))
    assert list(nearness.best) == [1, 0]
    assert list(nearness.sentence) == [1, 0]
    assert nearness.linear[0] > nearness.linear[1]


def test_best_three_are_averaged() -> None:
    nearness = Index(CANDIDATES, encode_all, str.lower).nearness("recovery", vector_of("recovery"))
    assert 0 < nearness.best_mean[0] < nearness.best[0]


def test_texts_are_repaired_before_indexing() -> None:
    assert Index(CANDIDATES, None, str.upper).texts[0] == "HOW LONG IS RECOVERY"


def test_short_sentences_are_left_out() -> None:
    assert answer_sentences("Yes. It may take some weeks.\n\n- rest at home") == ("It may take some weeks.", "rest at home")


@pytest.mark.parametrize("question", ["is recovery long, how long", "scars", "nothing alike: xyzzy", ""])
def test_words_are_weighed_as_by_the_vectorizers(question: str) -> None:
    texts = [phrasing for candidate in CANDIDATES for phrasing in candidate.phrasings]
    by_word = TfidfVectorizer(analyzer="word", ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\w+").fit(texts)
    by_letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2).fit(texts)
    cosines = np.mean([(each.transform([question]) @ each.transform(texts).T).toarray()[0] for each in (by_word, by_letters)], axis=0)
    nearness = Index(CANDIDATES, None, str.lower).nearness(question, None)
    assert nearness.words == pytest.approx([cosines[:2].max(), cosines[2:].max()], abs=1e-6)
