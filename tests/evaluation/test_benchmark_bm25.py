"""Plain word search."""

import re

import numpy as np
import pytest

from evaluation.bank import BankQuestion
from evaluation.benchmark.asking import guesses_of_bm25
from evaluation.benchmark.bm25 import Bm25
from evaluation.benchmark.coverage import at_coverage
from evaluation.benchmark.material import Entry

TEXTS = ["how long is recovery", "is it covered by insurance", "how long does the operation take"]


def test_text_with_the_rarer_shared_words_is_nearest() -> None:
    assert Bm25(TEXTS).scores("recovery how").argmax() == 0


def test_score_is_that_of_the_formula() -> None:
    idf = np.log1p((3 - 1 + 0.5) / 1.5)
    norm = 1.5 * (1 - 0.75 + 0.75 * 5 / (15 / 3))
    assert Bm25(TEXTS).scores("insurance")[1] == pytest.approx(idf * 2.5 / (1 + norm))


def test_nothing_shared_scores_nothing() -> None:
    assert Bm25(TEXTS).scores("zebra").tolist() == [0, 0, 0]


def test_guess_is_the_nearest_answer_and_never_a_class() -> None:
    material = [
        Entry("recovery/length", "answer", "Two weeks.", (TEXTS[0],)),
        Entry("ask_price", "not_covered", "No.", ("how long a bill",)),
    ]
    question = BankQuestion("Q1", "how long a bill", "in_scope", expect=(re.compile("weeks"),))
    variants, times = guesses_of_bm25(material, [question])
    assert [guesses[0].text for guesses in variants.values()] == ["Two weeks."] * 2
    assert variants["score above the best class"][0].score < 0 < variants["score"][0].score
    assert at_coverage(variants["score"], 1.0).right == 1.0
    assert len(times) == 1
