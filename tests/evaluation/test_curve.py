"""Risk, coverage and calibration on a bank."""

import pytest

from evaluation.curve import Point, calibration_error, page, risk

RIGHT, WRONG = Point(0.9, True, True), Point(0.6, True, False)
REFUSED, LEAK = Point(0.0, True, True), Point(0.4, False, False)


def test_risk_counts_what_is_answered_from_the_threshold_on() -> None:
    at = risk([RIGHT, WRONG, REFUSED, LEAK], 0.5)
    assert (at.right, at.wrong, at.leaked) == (pytest.approx(1 / 3), pytest.approx(1 / 3), 0)


def test_lower_threshold_lets_out_of_scope_questions_through() -> None:
    assert risk([RIGHT, LEAK], 0.3).leaked == 1


def test_refused_question_is_answered_at_no_threshold() -> None:
    assert risk([REFUSED], 0.0).right == 0


def test_risk_of_no_questions_is_zero() -> None:
    assert risk([], 0.5).wrong == 0


def test_calibration_error_is_zero_when_chances_are_true() -> None:
    assert calibration_error([Point(1.0, True, True)] * 3) == 0


def test_calibration_error_grows_with_overconfidence() -> None:
    assert calibration_error([Point(0.95, True, False)]) == pytest.approx(0.95)


def test_page_marks_the_shipped_threshold() -> None:
    assert any("0.45 (shipped)" in line for line in page([RIGHT], 0.45, "plot.svg"))
