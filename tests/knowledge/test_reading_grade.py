"""The reading grade tells plain texts from hard ones."""

from knowledge.reading_grade import reading_grade


def test_plain_text_has_a_low_grade() -> None:
    assert reading_grade("You may go home the same day. Your face may hurt a bit.") < 4


def test_hard_text_has_a_high_grade() -> None:
    assert reading_grade("Postoperative rehabilitation necessitates interdisciplinary consideration of comorbidities.") > 12


def test_known_names_do_not_count() -> None:
    text = "Blepharoplasty is done here."
    assert reading_grade(text, known=["blepharoplasty"]) < reading_grade(text)


def test_text_without_words_has_grade_zero() -> None:
    assert reading_grade("...") == 0
