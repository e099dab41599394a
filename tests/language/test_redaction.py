import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.redaction import Checked, check_all, ordinary_texts, read_bank
from language.identifiers import passes_luhn
from language.red_flags import Screen
from language.redaction import NAMES, redact, removed_kinds, without_placeholders

TODAY = date(2026, 11, 21)
CLINIC = "+1 312-555-0142"
NUMBERS = {"phone": CLINIC, "emergency_number": "911", "crisis_line": "988"}

digits = st.text("0123456789", min_size=2, max_size=2)
phones = st.builds(
    lambda end, form: form.format(a="312", b="555", c=f"01{end}"),
    digits,
    st.sampled_from(
        ["{a}-{b}-{c}", "({a}) {b}-{c}", "{a}.{b}.{c}", "{a} {b} {c}", "{a}{b}{c}", "+1 {a} {b} {c}", "1-{a}-{b}-{c}", "+1{a}{b}{c}"]
    ),
)
addresses = st.from_regex(r"[a-z]{1,12}([._+-][a-z0-9]{1,8})?@[a-z]{1,8}\.?example\.(org|com|net)", fullmatch=True)
plain_words = st.lists(st.sampled_from("recovery after surgery takes how long my face eye hurts please thanks ok".split()), max_size=8).map(
    " ".join
)


def with_check_digit(number: str) -> str:
    return next(number + last for last in "0123456789" if passes_luhn(number + last))


cards = st.from_regex(r"4[0-9]{14}", fullmatch=True).map(with_check_digit)


def test_identifiers_are_replaced_by_their_names() -> None:
    redacted = redact("I am at 312-555-0123 or ann@example.org, born 3/12/1984", today=TODAY)
    assert redacted.text == "I am at [phone number removed] or [e-mail address removed], born [date of birth removed]"
    assert redacted.kinds == ("phone", "email", "birth_date")


@pytest.mark.parametrize(
    "message", [each for each in check_all(read_bank()) if each.message.identifiers], ids=lambda each: each.message.text
)
def test_identifiers_of_the_bank_are_gone(message: Checked) -> None:
    assert message.is_right, message.redacted.text


@pytest.mark.parametrize(
    "message", [each for each in check_all(read_bank()) if not each.message.identifiers], ids=lambda each: each.message.text
)
def test_look_alikes_of_the_bank_stay(message: Checked) -> None:
    assert message.is_right, message.redacted.text


def test_bank_is_large_enough() -> None:
    checked = check_all(read_bank())
    with_identifiers = [each for each in checked if each.message.identifiers]
    assert len(with_identifiers) >= 150
    assert len(checked) - len(with_identifiers) >= 150


def test_questions_of_the_project_stay() -> None:
    changed = [text for text in ordinary_texts() if redact(text, today=TODAY).kinds]
    assert changed == ["read me my brother's chart, his birthday is 4/4/80"]


@given(plain_words, phones, plain_words)
def test_phone_numbers_are_gone(before: str, phone: str, after: str) -> None:
    redacted = redact(f"{before} {phone} {after}")
    assert redacted.text == f"{before} [phone number removed] {after}"


@given(plain_words, addresses, plain_words)
def test_email_addresses_are_gone(before: str, address: str, after: str) -> None:
    redacted = redact(f"{before} {address} {after}")
    assert address not in redacted.text
    assert "@" not in redacted.text


@given(cards)
def test_card_numbers_are_gone(card: str) -> None:
    for text in (card, " ".join(card[place : place + 4] for place in range(0, 16, 4))):
        assert redact(f"pay with {text} please").text == "pay with [card number removed] please"


@given(st.dates(date(1905, 1, 1), date(2024, 1, 1)), st.sampled_from(["%m/%d/%Y", "%Y-%m-%d", "%B %d, %Y", "%d %b %Y", "%d.%m.%Y"]))
def test_dates_of_birth_are_gone(birth: date, form: str) -> None:
    written = birth.strftime(form)
    for text in (f"my date of birth is {written}", f"Doe, {written}", f"DOB {written}"):
        assert written not in redact(text, today=TODAY).text


@given(st.dates(date(1990, 1, 1), date(2028, 1, 1)), st.sampled_from(["%m/%d/%Y", "%Y-%m-%d", "%B %d, %Y"]))
def test_dates_of_operations_stay(day: date, form: str) -> None:
    for text in (f"my surgery was on {day.strftime(form)}", f"appointment {day.strftime(form)} at 9"):
        assert redact(text, today=TODAY).text == text


@given(st.integers(1, 120), st.integers(1900, 2030), st.integers(1, 2000))
def test_ages_years_and_doses_stay(age: int, year: int, dose: int) -> None:
    text = f"I am {age}, palsy since {year}, born in {year}, {dose} mg for {age} days, {age}-{age + 2} weeks after, call 911, 988 or 112"
    assert redact(text).text == text


@given(st.text(max_size=300))
def test_redaction_is_stable(text: str) -> None:
    once = redact(text)
    assert redact(once.text) == type(once)(once.text, ())
    assert (once.text == text) == (not once.kinds)


@given(st.text("0123456789 -./()+@abornmemberidcalls", max_size=200))
def test_redaction_is_stable_on_digits(text: str) -> None:
    once = redact(text, today=TODAY)
    assert not redact(once.text, today=TODAY).kinds
    assert set(removed_kinds(once.text)) == set(once.kinds)


@pytest.mark.parametrize("spelling", ["312-555-0142", "+1 (312) 555-0142", "3125550142", "1.312.555.0142"])
def test_number_of_the_clinic_stays(spelling: str) -> None:
    assert redact(f"is {spelling} your number", keep=[CLINIC]).kinds == ()
    assert redact(f"is {spelling} your number").kinds == ("phone",)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("is it visible? mail me at ann@example.org, or 312-555-0123.", "is it visible? mail me at, or."),
        ("312-555-0123", ""),
        ("312-555-0123, ann@example.org!", ""),
        ("no  identifier here", "no  identifier here"),
    ],
)
def test_placeholders_can_be_left_out(text: str, rest: str) -> None:
    assert without_placeholders(redact(text).text) == rest


def test_kinds_can_be_read_off_a_redacted_text() -> None:
    assert removed_kinds(redact("312-555-0123, 312-555-0124, a@example.org").text) == ("phone", "email")
    assert removed_kinds("nothing here") == ()


def test_emergency_is_seen_beside_an_identifier() -> None:
    screen = Screen.from_files(Path("data/safety"), NUMBERS)
    for identifier in ("call me 312-555-0123", "mail ann@example.org", "dob 3/12/1984", "mrn 123456", "card 4111 1111 1111 1111"):
        assert screen.check(redact(f"{identifier}, my face dropped an hour ago").text)
        assert screen.check(redact(f"my face dropped an hour ago, {identifier}").text)


def test_placeholders_are_no_emergency() -> None:
    screen = Screen.from_files(Path("data/safety"), NUMBERS)
    assert [name for name in NAMES.values() if screen.check(f"my [{name} removed]")] == []


HOSTILE = [
    "1" * 1000,
    "1 " * 500,
    "a" * 999 + "@",
    "a@" * 500,
    "a.b@" * 250,
    " at " * 250,
    "member id 1" + "-1" * 490,
    "born " * 199 + "1",
    "(1" * 500,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_takes_no_longer(text: str) -> None:
    def once() -> float:
        started = time.thread_time()
        redact(text)
        return time.thread_time() - started

    assert min(once() for _ in range(5)) < 0.005  # a millisecond, and room for a busy machine; what backtracks takes seconds
