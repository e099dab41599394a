"""Finds days: "Tuesday", "any weekday", "next week", "24 December", "mornings on Mondays or Thursdays"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import dateparser

from desk.errors import WishInvalid
from desk.moments import join_words, say_day
from desk.times.words import MONTHS
from knowledge.clinic import WEEKDAYS

WEEKS_AHEAD = 8
"""How far ahead a time is looked for that fits every week; holidays can close a clinic for some of them."""

JUST_PASSED = timedelta(days=60)
"""A date without a year that lies less than this back is meant as such, and not in a year."""

FURTHEST = timedelta(days=366)
FIELD = "preferred_times"


@dataclass(frozen=True)
class Days:
    """Days that suit somebody.

    Attributes:
        words: how they are read back: "Tuesday, November 24", "Tuesdays", "any weekday".
        dates: in order; for those that come again, of the next weeks.
        is_one: a single date is meant: the first of the dates on which it can be.
        is_whole: all of the dates are meant together, as in a week.
    """

    words: str
    dates: tuple[date, ...]
    is_one: bool = False
    is_whole: bool = False


_DAY = rf"({'|'.join(WEEKDAYS)})"
_MONTH = rf"(?:{'|'.join(MONTHS)})"
_DATE = (
    rf"(?:{_MONTH} (?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?:,? 20\d\d)?|(?:the )?\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?:,? 20\d\d)?"
    r"|20\d\d-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}(?:/(?:20)?\d\d)?|\d{1,2}\.\d{1,2}\.(?:20\d\d)?|(?:the )?\d{1,2}(?:st|nd|rd|th))(?![\w:/])"
)


def any_day(today: date) -> Days:
    """Return every day of the next weeks."""
    return Days("any day", tuple(today + timedelta(days) for days in range(7 * WEEKS_AHEAD)))


def one_day(day: date, today: date) -> Days:
    """Return a single day; its year is said where it is not this one."""
    return Days(say_day(day) + (f", {day.year}" if day.year != today.year else ""), (day,), is_one=True)


def _weekly(words: str, numbers: set[int], today: date) -> Days:
    return Days(words, tuple(day for day in any_day(today).dates if day.weekday() in numbers))


def _week(monday: date) -> Days:
    return Days(f"the week of {say_day(monday)}", tuple(monday + timedelta(days) for days in range(7)), is_whole=True)


def _monday(today: date) -> date:
    return today - timedelta(today.weekday())


def _number(name: str) -> int:
    return next(number for number, day in enumerate(WEEKDAYS) if day == name)


def _relative(match: re.Match[str], today: date) -> Days:
    offsets = {"day before yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1, "day after tomorrow": 2, "in a day": 1}
    return one_day(today + timedelta(offsets[match[1]]), today)


def _in_days(match: re.Match[str], today: date) -> Days:
    return one_day(today + timedelta(int(match[1])), today)


def _in_weeks(match: re.Match[str], today: date) -> Days:
    return _week(_monday(today) + timedelta(weeks=1 if match[1] == "a" else int(match[1])))


def _named_week(match: re.Match[str], today: date) -> Days:
    weeks = {"next week": 1, "week after next": 2, "following week": 1}
    if match[1] in weeks:
        return _week(_monday(today) + timedelta(weeks=weeks[match[1]]))
    rest = tuple(day for day in _week(_monday(today)).dates if day >= today)
    return Days("this week", rest, is_whole=True)


def _gone(match: re.Match[str], today: date) -> Days:
    raise WishInvalid(FIELD, "That time has passed. Which day from today on suits you?")


def _month(match: re.Match[str], today: date) -> Days:
    name = match["month"] or MONTHS[(today.month - 1 + (match["which"] == "next")) % 12]
    number = MONTHS.index(name) + 1
    first = date(today.year + (number < today.month), number, 1)
    days = (first + timedelta(days) for days in range(31))
    return Days(name.title(), tuple(day for day in days if day.month == number and day >= today), is_whole=True)


def _weekdays(match: re.Match[str], today: date) -> Days:
    return _weekly("any weekday", set(range(5)), today)


def _weekends(match: re.Match[str], today: date) -> Days:
    return _weekly("weekends", {5, 6}, today)


def _any(match: re.Match[str], today: date) -> Days:
    return any_day(today)


def _run(match: re.Match[str], today: date) -> Days:
    first, last = _number(match[1]), _number(match[2])
    numbers = {number % 7 for number in range(first, last + 1 if last >= first else last + 8)}
    return _weekly(f"{match[1].title()} to {match[2].title()}", numbers, today)


def _day_of_week(match: re.Match[str], today: date) -> Days:
    """Return the day that a weekday's name means: one day, or with "every" or an s all of them."""
    number, which = _number(match["day"]), match["which"] or match["whose"] or ""
    if match["many"] or which in {"every", "each", "any"}:
        return _weekly(f"{match['day'].title()}s", {number}, today)
    this_weeks = _monday(today) + timedelta(number)
    if which == "last":
        return _gone(match, today)
    if which.startswith("next"):
        return one_day(this_weeks + timedelta(weeks=1), today)
    if which == "this week":
        return one_day(this_weeks, today)
    coming = this_weeks if this_weeks >= today else this_weeks + timedelta(weeks=1)
    return Days(say_day(coming), (coming, coming + timedelta(weeks=1)) if coming == today else (coming,), is_one=True)


def _dated(match: re.Match[str], today: date) -> Days | None:
    day = _parse(match["date"], today)
    if day is None:
        return None
    if day > today + FURTHEST:
        raise WishInvalid(FIELD, "That is more than a year ahead. Which earlier day suits you?")
    if match["day"] and _number(match["day"]) != day.weekday():
        raise WishInvalid(FIELD, f"{say_day(day).partition(', ')[2]} is a {day:%A}. Which day do you mean?")
    return one_day(day, today)


def _parse(text: str, today: date) -> date | None:
    """Return the date; one without a year is the next one, unless it has just passed. None when there is no such day."""
    is_full = re.search(r"20\d\d|/\d+/", text) is not None
    is_day_alone = re.fullmatch(r"(?:the )?\d{1,2}(?:st|nd|rd|th)", text) is not None
    order = "DMY" if "." in text else "YMD" if "-" in text else "MDY"
    settings = {
        "RELATIVE_BASE": datetime(today.year, today.month, today.day),
        "DATE_ORDER": order,
        "PREFER_DATES_FROM": "future" if is_day_alone else "current_period",
    }
    found = dateparser.parse(text.removeprefix("the ").replace(" of ", " "), languages=["en"], settings=settings)
    if found is None or str(found.day) not in re.findall(r"[1-9]\d*", text):
        return None  # it mends what no calendar has, such as the 31st of February
    day: date = found.date()
    if is_full or is_day_alone or day >= today - JUST_PASSED:
        return day
    return day + timedelta(365) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Days | None]], ...] = (
    (re.compile(rf"(?:\b(?P<day>{'|'.join(WEEKDAYS)}),? (?:the )?)?\b(?P<date>{_DATE})"), _dated),
    (re.compile(r"\b(?:the )?(day before yesterday|yesterday|day after tomorrow|tomorrow|today)\b"), _relative),
    (re.compile(r"\bin (\d{1,2}) days?\b"), _in_days),
    (re.compile(r"\bin (a|\d{1,2}) weeks?\b"), _in_weeks),
    (re.compile(r"\blast (?:week|month|year|night)\b"), _gone),
    (re.compile(rf"\b{_DAY}s? ?(?:-|to|through|until) ?{_DAY}s?\b"), _run),
    (
        re.compile(
            rf"\b(?:(?:the )?(?P<which>next week|this week|next|this coming|coming|this|last|every|each|any) )?"
            rf"(?P<day>{'|'.join(WEEKDAYS)})(?P<many>s)?(?: (?:of )?(?P<whose>next week|this week))?\b"
        ),
        _day_of_week,
    ),
    (
        re.compile(r"\b(?:the )?(next week|week after next|following week|this week|later this week|rest of (?:the|this) week)\b"),
        _named_week,
    ),
    (re.compile(rf"\b(?:(?P<which>next|this) month|(?:in |during |(?!may))(?P<month>{_MONTH}))\b"), _month),
    (re.compile(r"\b(?:any |every |on )?(?:week ?days?|work(?:ing)? ?days?|business days?)\b|\bduring the week\b"), _weekdays),
    (re.compile(r"\b(?:(?:any|every|this|next|the|on) )*week ?ends?\b"), _weekends),
    (
        re.compile(
            r"\b(?:(?:any|every) ?(?:day|time)(?: of the week)?|daily|whenever|flexible|no preference|"
            r"(?:does not|doesn't|don't) (?:matter|mind|care)|"
            r"(?:as )?soon(?:est)?(?: as)?(?: possible)?|asap|(?:the )?earliest(?: possible)?|(?:the )?(?:first|next) available)\b"
        ),
        _any,
    ),
)


def mark_days(text: str, today: date) -> tuple[str, list[Days]]:
    """Return the text with ` §0 `, ` §1 ` … where days stood, and these days.

    Raises:
        WishInvalid: a day lies in the past for sure, or cannot be as said.
    """
    found: list[Days] = []

    def mark(match: re.Match[str], read: Callable[[re.Match[str], date], Days | None]) -> str:
        days = read(match, today)
        if days is None:
            return match[0]
        found.append(days)
        return f" §{len(found) - 1} "

    for pattern, read in _FORMS:
        text = pattern.sub(lambda match, read=read: mark(match, read), text)  # type: ignore[misc]
    return text, found


def join_days(days: Sequence[Days]) -> str:
    """Return for example "Tuesday, November 24 or Thursday, November 26"; from three on with semicolons, as each may hold commas."""
    words = [each.words for each in days]
    return "; ".join((*words[:-1], f"or {words[-1]}")) if len(words) > 2 else join_words(words, "or")
