"""Comparing systems at equal coverage."""

import re

from evaluation.bank import BankQuestion
from evaluation.benchmark.coverage import Guess, at_coverage, curve, fewest_wrong

INSIDE = BankQuestion("Q1", "how long is recovery?", "in_scope", expect=(re.compile("weeks"),))
OUTSIDE = BankQuestion("Q2", "write me a poem", "out_of_scope")


def guess(score: float, *, right: bool = True) -> Guess:
    return Guess(INSIDE, "Two weeks." if right else "By plane.", score)


def test_surest_guesses_are_given_first() -> None:
    guesses = [guess(0.2, right=False), guess(0.9), guess(0.5, right=False), guess(0.8)]
    outcome = at_coverage(guesses, 0.5)
    assert (outcome.right, outcome.wrong) == (0.5, 0.0)


def test_whole_coverage_answers_everything() -> None:
    outcome = at_coverage([guess(0.2, right=False), guess(0.9)], 1.0)
    assert (outcome.answered, outcome.wrong) == (1.0, 0.5)


def test_questions_out_of_scope_leak_by_the_same_threshold() -> None:
    guesses = [guess(0.9), guess(0.5), Guess(OUTSIDE, "Two weeks.", 0.7), Guess(OUTSIDE, "Two weeks.", 0.1)]
    assert at_coverage(guesses, 0.5).leaked == 0.0
    assert at_coverage(guesses, 1.0).leaked == 0.5


def test_nothing_is_answered_at_no_coverage() -> None:
    assert at_coverage([guess(0.9)], 0.0).answered == 0.0


def test_score_that_errs_least_is_chosen() -> None:
    good, bad = [guess(0.9), guess(0.1, right=False)], [guess(0.1), guess(0.9, right=False)]
    assert fewest_wrong({"bad": bad, "good": good}, 0.5) == "good"


def test_curve_reaches_from_nothing_to_everything() -> None:
    points = curve([guess(0.9), guess(0.1, right=False)], steps=3)
    assert points.tolist() == [[0, 0], [0.5, 0], [1, 0.5]]
