"""Opening hours, across lunch, weekends, holidays and changes of the clocks; and what is promised from them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from desk.opening import describe_hours, is_open, next_opening, promise, spans_of
from knowledge.clinic import Clinic, read_clinic

CLINIC = read_clinic(Path("data/clinic.yml"))
NONE = Clinic.model_validate(CLINIC.model_dump() | {"hours": {}})
SUNDAYS = Clinic.model_validate(CLINIC.model_dump() | {"hours": {"sunday": ["01:00-04:00"]}})


def at(text: str, clinic: Clinic = CLINIC) -> datetime:
    """The moment when the clinic's clocks show `text`."""
    return datetime.fromisoformat(text).replace(tzinfo=clinic.zone).astimezone(UTC)


def shown(span: tuple[datetime, datetime] | None, clinic: Clinic = CLINIC) -> str:
    assert span
    return " - ".join(f"{moment.astimezone(clinic.zone):%a %m-%d %H:%M}" for moment in span)


@pytest.mark.parametrize(
    ("when", "opened"),
    [
        ("2026-11-23T08:59:59", False),
        ("2026-11-23T09:00", True),
        ("2026-11-23T11:59:59", True),
        ("2026-11-23T12:00", False),
        ("2026-11-23T13:00", True),
        ("2026-11-23T17:00", False),
        ("2026-11-27T14:59", True),
        ("2026-11-27T15:00", False),
        ("2026-11-21T10:00", False),
        ("2026-11-26T10:00", False),
    ],
)
def test_is_open_only_within_the_spans(when: str, opened: bool) -> None:
    assert is_open(CLINIC, at(when)) is opened


@pytest.mark.parametrize(
    ("when", "opening"),
    [
        ("2026-11-23T03:00", "Mon 11-23 09:00 - Mon 11-23 12:00"),
        ("2026-11-23T10:30", "Mon 11-23 09:00 - Mon 11-23 12:00"),
        ("2026-11-23T12:00", "Mon 11-23 13:00 - Mon 11-23 17:00"),
        ("2026-11-23T17:00", "Tue 11-24 09:00 - Tue 11-24 12:00"),
        ("2026-11-20T16:00", "Mon 11-23 09:00 - Mon 11-23 12:00"),
        ("2026-11-25T18:00", "Fri 11-27 09:00 - Fri 11-27 12:00"),
        ("2026-12-24T17:00", "Mon 12-28 09:00 - Mon 12-28 12:00"),
        ("2026-12-31T17:00", "Mon 01-04 09:00 - Mon 01-04 12:00"),
    ],
)
def test_next_opening_skips_lunch_weekends_and_holidays(when: str, opening: str) -> None:
    assert shown(next_opening(CLINIC, at(when))) == opening


def test_next_opening_is_none_without_hours() -> None:
    assert next_opening(NONE, at("2026-11-23T10:00")) is None
    assert not is_open(NONE, at("2026-11-23T10:00"))


def test_clinic_that_is_closed_for_a_year_opens_never() -> None:
    days = [date(2026, 11, 1) + timedelta(days) for days in range(500)]
    closed = CLINIC.model_copy(update={"holidays": frozenset(days)})
    assert next_opening(closed, at("2026-11-23T10:00")) is None


def test_hours_follow_the_clocks_of_the_clinic() -> None:
    """Chicago goes back to winter time on 1 November 2026, and forward on 14 March 2027."""
    friday, monday = spans_of(CLINIC, date(2026, 10, 30))[0], spans_of(CLINIC, date(2026, 11, 2))[0]
    assert (friday[0].hour, monday[0].hour) == (14, 15)
    assert spans_of(CLINIC, date(2027, 3, 15))[0][0].hour == 14


def test_span_over_a_change_of_the_clocks_is_longer_or_shorter() -> None:
    autumn, spring = spans_of(SUNDAYS, date(2026, 11, 1))[0], spans_of(SUNDAYS, date(2027, 3, 14))[0]
    assert autumn[1] - autumn[0] == timedelta(hours=4)
    assert spring[1] - spring[0] == timedelta(hours=2)
    assert is_open(SUNDAYS, autumn[1] - timedelta(seconds=1))
    assert not is_open(SUNDAYS, autumn[1])


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ("2026-11-21T08:00", "We call you on Monday, November 23, between 9:00 AM and 12:00 PM."),
        ("2026-11-23T08:00", "We call you today between 9:00 AM and 12:00 PM."),
        ("2026-11-23T09:30", "We call you today before 12:00 PM."),
        ("2026-11-23T11:00", "We call you today before 12:00 PM."),
        ("2026-11-23T11:01", "We call you today between 1:00 PM and 5:00 PM."),
        ("2026-11-25T16:30", "We call you on Friday, November 27, between 9:00 AM and 12:00 PM."),
    ],
)
def test_promise_leaves_staff_an_hour(when: str, text: str) -> None:
    made = promise(CLINIC, at(when), "callback", reach="phone")
    assert made.text == text
    assert made.start
    assert made.end
    assert made.start >= at(when)
    assert made.end - made.start >= timedelta(hours=1)


@pytest.mark.parametrize(
    ("reach", "words"), [("phone", "We call you "), ("email", "We write to you "), ("either", "We call you or write to you ")]
)
def test_promise_names_the_way(reach: str, words: str) -> None:
    assert promise(CLINIC, at("2026-11-23T08:00"), "appointment", reach=reach).text.startswith(words)


def test_promise_for_a_live_chat_says_what_happens_if_nobody_comes() -> None:
    made = promise(CLINIC, at("2026-11-23T09:30"), "live", reach="phone")
    assert "joins this chat as soon as they are free. If nobody can, we call you today before 12:00 PM." in made.text


def test_promise_without_hours_names_no_time() -> None:
    made = promise(NONE, at("2026-11-23T09:30"), "callback", reach="phone")
    assert (made.text, made.start, made.end) == ("We call you as soon as we can.", None, None)


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2026-11-24T15:00", "2026-11-24T17:00", "on Tuesday, November 24, between 3:00 PM and 5:00 PM."),
        ("2026-11-24T10:00", "2026-11-24T15:00", "on Tuesday, November 24, between 10:00 AM and 12:00 PM."),
        ("2026-11-24T11:30", "2026-11-24T15:00", "on Tuesday, November 24, between 1:00 PM and 3:00 PM."),
        ("2026-11-26T09:00", "2026-11-26T17:00", "today between 9:00 AM and 12:00 PM."),
        ("2026-11-20T09:00", "2026-11-20T12:00", "today between 9:00 AM and 12:00 PM."),
        ("2026-11-23T07:00", "2026-11-27T20:00", "today between 9:00 AM and 12:00 PM."),
    ],
    ids=["within a span", "longer than a span", "too little left", "a holiday", "passed", "a whole week"],
)
def test_callback_is_promised_when_it_is_wanted_if_it_can_be(first: str, last: str, text: str) -> None:
    made = promise(CLINIC, at("2026-11-23T08:00"), "callback", reach="phone", preferred=(at(first), at(last)))
    assert made.text == f"We call you {text}"


def test_hours_are_described_by_runs_of_equal_days() -> None:
    assert describe_hours(CLINIC) == (
        "Monday to Thursday 9:00 AM to 12:00 PM and 1:00 PM to 5:00 PM; Friday 9:00 AM to 12:00 PM and 1:00 PM to 3:00 PM"
    )
    odd = {"monday": ["09:00-12:00"], "wednesday": ["09:00-12:00"], "thursday": ["09:00-12:00"], "sunday": ["00:00-23:30"]}
    text = describe_hours(Clinic.model_validate(CLINIC.model_dump() | {"hours": odd}))
    assert text == "Monday 9:00 AM to 12:00 PM; Wednesday and Thursday 9:00 AM to 12:00 PM; Sunday 12:00 AM to 11:30 PM"
    assert describe_hours(NONE) == ""
