"""Cleaning and splitting, with hostile texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.text import MAX_CHARACTERS, clean, comparable, is_too_long, sentences, words


@given(st.text())
def test_clean_is_idempotent_and_on_one_line(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert "\n" not in cleaned
    assert cleaned == cleaned.strip()
    cleaned.encode("utf-8")


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  how   long \n is it ", "how long is it"),
        ("a\x00b", "a b"),
        ("x\ud800y", "xy"),
        ("\u202ehow long", "how long"),
        ("zero\u200bwidth", "zero width"),
        ("e\u0301", "é"),
        ("eye\u00adlid", "eyelid"),
        ("\ufeffhow", "how"),
        ("\u200d", ""),
        ("👩\u200d👧 hi", "👩\u200d👧 hi"),
        ("e\u00ad\u0301", "é"),
        ("\u2028line\u2029end", "line end"),
        ("", ""),
    ],
)
def test_clean(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@given(st.text())
def test_words_are_lower_case_and_hold_a_letter_or_number(text: str) -> None:
    for word in words(text):
        assert word == word.lower()
        assert any(character.isalnum() for character in word)


@given(st.text())
def test_comparable_texts_compare_equal_when_cleaned_again(text: str) -> None:
    assert comparable(comparable(text)) == comparable(text)


@given(st.text())
def test_sentences_hold_words_and_no_line_ends(text: str) -> None:
    for sentence in sentences(text):
        assert words(sentence)
        assert "\n" not in sentence


@pytest.mark.parametrize("text", ["a " * 200, "a\n" * 200, "  a  " * 150, "x" * MAX_CHARACTERS, ""])
def test_text_within_the_limits_is_not_too_long(text: str) -> None:
    assert not is_too_long(text)


@pytest.mark.parametrize("text", ["a " * 201, "a\n" * 201, "x" * (MAX_CHARACTERS + 1)])
def test_text_beyond_the_limits_is_too_long(text: str) -> None:
    assert is_too_long(text)


def test_emoji_have_no_words() -> None:
    assert words("😀😀 !!") == []


def test_words_keep_apostrophes() -> None:
    assert words("Can’t I drive?") == ["can't", "i", "drive"]


def test_comparable_ignores_signs_and_capitals() -> None:
    assert comparable("How long, please?") == comparable("how LONG please")


def test_sentences_split_at_ends_and_list_marks() -> None:
    assert sentences("One is here. Two is there.\n\n- three\n- four") == ["One is here.", "Two is there.", "three", "four"]
