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
        ("", ""),
    ],
)
def test_clean(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


def test_emoji_have_no_words() -> None:
    assert words("😀😀 !!") == []


def test_words_keep_apostrophes() -> None:
    assert words("Can’t I drive?") == ["can't", "i", "drive"]


def test_comparable_ignores_signs_and_capitals() -> None:
    assert comparable("How long, please?") == comparable("how LONG please")


def test_long_text_is_too_long() -> None:
    assert is_too_long("x" * (MAX_CHARACTERS + 1))
    assert is_too_long("a " * 201)
    assert not is_too_long("how long is recovery?")


def test_sentences_split_at_ends_and_list_marks() -> None:
    assert sentences("One is here. Two is there.\n\n- three\n- four") == ["One is here.", "Two is there.", "three", "four"]
