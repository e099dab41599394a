"""Preferred times in free words: read back, held against the opening hours, or kept as said."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import WishInvalid
from desk.times import read_times
from desk.wishes import MAX_TIMES, Wishes, read_wishes
from knowledge.clinic import Clinic, read_clinic

CLINIC = read_clinic(Path("data/clinic.yml"))
NONE = CLINIC.model_copy(update={"hours": {}})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CLINIC.zone).astimezone(UTC)


SATURDAY = at("2026-11-21T08:00")
MONDAY = at("2026-11-23T10:00")


def read(text: str, now: datetime = SATURDAY, clinic: Clinic = CLINIC) -> tuple[str, str]:
    """Return how it is read back, and the next time that fits on the clinic's clocks."""
    times = read_times(text, now, clinic)
    if times.start is None or times.end is None:
        return times.confirmed, ""
    start, end = times.start.astimezone(CLINIC.zone), times.end.astimezone(CLINIC.zone)
    return times.confirmed, f"{start:%m-%d %H:%M} - {end:%m-%d %H:%M}"


def refusal(text: str, now: datetime = SATURDAY) -> str:
    with pytest.raises(WishInvalid) as caught:
        read_times(text, now, CLINIC)
    assert caught.value.field == "preferred_times"
    return caught.value.message


TUESDAY = "Tuesday, November 24"


@pytest.mark.parametrize(
    "text",
    [
        *("Tuesday after 3", "tuesday after 3pm", "Tues. after 3 p.m.", "tue from 3", "Tuesday 3pm or later", "after 15:00 on Tuesday"),
        *("I'd prefer Tuesday after 3 please", "next Tuesday after three", "TUESDAY AFTER 3!", "tuseday after 3", "Tuesday not before 3"),
        *("the 24th after 3", "Nov 24 after 3", "24 November after 3", "11/24 after 3", "2026-11-24 after 3", "in 3 days, after 3 o'clock"),
        *("Tuesday, November 24 after 3", "Tuesday next week after 3", "this coming Tuesday after 3 would be best"),
    ],
)
def test_one_wish_in_many_words_is_read_alike(text: str) -> None:
    assert read(text) == (f"{TUESDAY}, after 3:00 PM", "11-24 15:00 - 11-24 17:00")


@pytest.mark.parametrize(
    ("text", "confirmed", "fits"),
    [
        ("mornings", "any day, in the morning", "11-23 09:00 - 11-23 12:00"),
        ("any weekday before noon", "any weekday, before 12:00 PM", "11-23 09:00 - 11-23 12:00"),
        ("afternoons please", "any day, in the afternoon", "11-23 13:00 - 11-23 17:00"),
        ("after 3", "any day, after 3:00 PM", "11-23 15:00 - 11-23 17:00"),
        ("3pm", "any day, at 3:00 PM", "11-23 15:00 - 11-23 16:00"),
        ("24 December", "Thursday, December 24", "12-24 09:00 - 12-24 17:00"),
        ("Dec. 24th at 9:30am", "Thursday, December 24, at 9:30 AM", "12-24 09:30 - 12-24 10:30"),
        ("jan 4", "Monday, January 4, 2027", "01-04 09:00 - 01-04 17:00"),
        ("Tuesday 2-4", f"{TUESDAY}, between 2:00 PM and 4:00 PM", "11-24 14:00 - 11-24 16:00"),
        ("tuesday between 10 and 2", f"{TUESDAY}, between 10:00 AM and 2:00 PM", "11-24 10:00 - 11-24 14:00"),
        ("9-11 in the morning on Tuesday", f"{TUESDAY}, between 9:00 AM and 11:00 AM", "11-24 09:00 - 11-24 11:00"),
        ("tuesday afternoon between 2 and 3", f"{TUESDAY}, between 2:00 PM and 3:00 PM", "11-24 14:00 - 11-24 15:00"),
        ("half past nine on Tuesday", f"{TUESDAY}, at 9:30 AM", "11-24 09:30 - 11-24 10:30"),
        ("first thing Tuesday", f"{TUESDAY}, early in the morning", "11-24 09:00 - 11-24 10:00"),
        ("Mondays and Thursdays", "Mondays or Thursdays", "11-23 09:00 - 11-23 17:00"),
        ("mon-wed after 2", "Monday to Wednesday, after 2:00 PM", "11-23 14:00 - 11-23 17:00"),
        ("every Friday", "Fridays", "11-27 09:00 - 11-27 15:00"),
        ("next week", "the week of Monday, November 23", "11-23 09:00 - 11-27 15:00"),
        ("next week mornings", "the week of Monday, November 23, in the morning", "11-23 09:00 - 11-27 12:00"),
        ("in two weeks", "the week of Monday, November 30", "11-30 09:00 - 12-04 15:00"),
        ("in january", "January", "01-04 09:00 - 01-29 15:00"),
        ("Tuesday or Friday afternoon", f"{TUESDAY} or Friday, November 27, in the afternoon", "11-24 13:00 - 11-24 17:00"),
        (
            "Monday morning or Tuesday after 2",
            f"Monday, November 23, in the morning; or {TUESDAY}, after 2:00 PM",
            "11-23 09:00 - 11-23 12:00",
        ),
        ("Saturday or Monday", "Monday, November 23", "11-23 09:00 - 11-23 17:00"),
        ("any time", "any time", ""),
        ("whenever you can", "any time", ""),
        ("ASAP", "any time", ""),
    ],
)
def test_words_are_read_back(text: str, confirmed: str, fits: str) -> None:
    assert read(text) == (confirmed, fits)


@pytest.mark.parametrize(
    ("text", "confirmed"),
    [
        ("tmrw 9am", f"{TUESDAY}, at 9:00 AM"),
        ("tommorow at 9", f"{TUESDAY}, at 9:00 AM"),
        ("today", "Monday, November 23"),
        ("this afternoon", "Monday, November 23, in the afternoon"),
        ("monday after 2", "Monday, November 23, after 2:00 PM"),
        ("monday at 9", "Monday, November 30, at 9:00 AM"),
        ("next monday", "Monday, November 30"),
        ("this week", "this week"),
        ("the day after tomorrow", "Wednesday, November 25"),
    ],
)
def test_words_are_read_from_today_on(text: str, confirmed: str) -> None:
    assert read(text, MONDAY)[0] == confirmed


def test_day_is_that_of_the_clinic_and_not_of_greenwich() -> None:
    late_on_sunday = at("2026-11-22T23:30")
    assert late_on_sunday.date().isoformat() == "2026-11-23"
    assert read("tomorrow", late_on_sunday)[0] == "Monday, November 23"


def test_time_follows_the_clocks_of_the_clinic() -> None:
    before, after = (
        read_times("October 30 at 9", at("2026-10-26T08:00"), CLINIC),
        read_times("November 2 at 9", at("2026-10-26T08:00"), CLINIC),
    )
    assert before.start
    assert after.start
    assert (before.start.hour, after.start.hour) == (14, 15)


@pytest.mark.parametrize(
    "text", ["yesterday", "November 20", "last Tuesday", "last week", "2026-11-01", "11/3", "the day before yesterday"]
)
def test_past_is_refused(text: str) -> None:
    assert "has passed. Which day from today on suits you?" in refusal(text)


@pytest.mark.parametrize("text", ["Thursday", "26 November", "25 December", "tomorrow at 9", "Sunday afternoon", "today"])
def test_day_when_the_clinic_is_closed_is_refused_with_its_hours(text: str) -> None:
    words = refusal(text)
    assert words.startswith("The clinic is closed on ")
    assert "It is open Monday to Thursday 9:00 AM to 12:00 PM and 1:00 PM to 5:00 PM; Friday " in words


@pytest.mark.parametrize("text", ["weekends", "Saturdays", "evenings", "between 12 and 1", "after 6pm"])
def test_times_at_which_it_is_always_closed_are_refused(text: str) -> None:
    assert refusal(text).startswith("The clinic is closed then. It is open Monday to Thursday ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Friday after 4", "On Friday, November 27 the clinic is open 9:00 AM to 12:00 PM and 1:00 PM to 3:00 PM."),
        ("Tuesday at 12:30", "On Tuesday, November 24 the clinic is open 9:00 AM to 12:00 PM and 1:00 PM to 5:00 PM."),
        ("Tuesday December 24", "December 24 is a Thursday. Which day do you mean?"),
        ("January 5 2030", "more than a year ahead"),
    ],
)
def test_refusal_says_what_would_do(text: str, words: str) -> None:
    assert words in refusal(text)


def test_hour_that_has_passed_today_is_refused() -> None:
    assert refusal("today at 9", MONDAY).startswith("That time has passed for today. The clinic is open until 12:00 PM.")
    assert "opens again on Tuesday, November 24 at 9:00 AM" in refusal("today", at("2026-11-23T18:00"))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "not on Mondays",
            "any day except Friday",
            "afternoons, but not Fridays",
            "Tuesday unless it snows",
            "when my daughter is at school",
        ),
        *("Tuesday 3pm Eastern", "hello", "😀", "?", "25:00", "31 February", "every other Tuesday", "Tuesday 24:99", "2 or 3", "لاحقا"),
    ],
)
def test_words_that_are_not_sure_are_kept_as_said(text: str) -> None:
    assert read(text) == (f"as you said: {text}", "")


def test_clinic_without_hours_takes_any_time() -> None:
    assert read("Sunday at 9pm", SATURDAY, NONE) == ("Sunday, November 22, at 9:00 PM", "")


@given(st.text(max_size=MAX_TIMES))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        times = read_times(text, SATURDAY, CLINIC)
    except WishInvalid as error:
        assert error.message
    else:
        assert times.confirmed
        assert (times.start is None) == (times.end is None)


WORDS = (
    *("monday", "tuesday", "next", "after", "before", "3", "9am", "noon", "morning", "or", "and", "the 24th", "december", "12/24", "week"),
    *("between", "to", "-", "15:30", "in 2 days", "not", ",", "any time", "every", "last", "from", "this", "2027"),
)


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_any_row_of_times_is_read_or_refused(words: list[str]) -> None:
    try:
        times = read_times(" ".join(words), SATURDAY, CLINIC)
    except WishInvalid:
        return
    if times.start and times.end:
        assert SATURDAY <= times.start < times.end


def test_wishes_are_read_and_kept() -> None:
    said = {
        "visit_type": "in person",
        "patient": "New patient",
        "preferred_times": "Tuesday after 3",
        "insurer": " Example\x00 Plan ",
        "about": "",
    }
    wishes = read_wishes(said | {"phone": "never kept"}, now=SATURDAY, clinic=CLINIC)
    assert (wishes.visit_type, wishes.patient, wishes.insurer, wishes.about) == ("in_person", "new", "Example Plan", None)
    assert wishes.confirmed_times == f"{TUESDAY}, after 3:00 PM"
    assert wishes.from_ == at("2026-11-24T15:00")
    assert Wishes.from_json(wishes.as_json()) == wishes
    assert "never kept" not in str(wishes)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("visit_type", "both"),
        ("visit_type", "in person or video"),
        ("patient", "maybe"),
        ("insurer", "x" * 81),
        ("about", "x" * 301),
        ("about", "x" * 100_000),
        ("preferred_times", "x" * 201),
        ("preferred_times", "yesterday"),
    ],
)
def test_wish_that_cannot_be_used_names_its_field(field: str, value: str) -> None:
    with pytest.raises(WishInvalid) as caught:
        read_wishes({field: value}, now=SATURDAY, clinic=CLINIC)
    assert caught.value.field == field
    assert caught.value.message


def test_form_left_open_overnight_is_refused_with_words() -> None:
    said = {"preferred_times": "Tuesday, November 24, after 3:00 PM"}
    read_wishes(said, now=MONDAY, clinic=CLINIC)
    with pytest.raises(WishInvalid, match="has passed"):
        read_wishes(said, now=at("2026-11-25T09:00"), clinic=CLINIC)


def test_nothing_said_is_no_wish() -> None:
    assert read_wishes({}, now=SATURDAY, clinic=CLINIC) == Wishes()
    assert Wishes().as_json() == {}
