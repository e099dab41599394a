"""When the clinic is open, and what can be promised from that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Literal

from desk.moments import join_words, local, say_day, say_time
from knowledge.clinic import WEEKDAYS, Clinic

Span = tuple[datetime, datetime]
"""Beginning and end, in UTC; the end does not belong to it."""

Reach = Literal["phone", "email", "either"]

NOTICE = timedelta(minutes=60)
"""A span with less than this left is not promised: staff need time to see the handoff and to call."""

YEAR = 366
GET_IN_TOUCH = {"phone": "call you", "email": "write to you", "either": "call you or write to you"}


@dataclass(frozen=True)
class Promise:
    """What the visitor is told, and between when it has to be kept (UTC; None where the clinic has given no hours)."""

    text: str
    start: datetime | None = None
    end: datetime | None = None


def is_open(clinic: Clinic, at: datetime) -> bool:
    """Say whether the clinic is open at that moment."""
    return any(start <= at < end for start, end in spans_of(clinic, local(clinic, at).date()))


def next_opening(clinic: Clinic, at: datetime) -> Span | None:
    """Return the span that `at` lies in, or the next one; None when there is none within a year."""
    return next(spans_from(clinic, at), None)


def spans_from(clinic: Clinic, at: datetime) -> Iterator[Span]:
    """Yield the spans that end after `at`, in order, for a year."""
    today = local(clinic, at).date()
    for days in range(YEAR if clinic.hours else 0):
        yield from ((start, end) for start, end in spans_of(clinic, today + timedelta(days)) if end > at)


def spans_of(clinic: Clinic, day: date) -> list[Span]:
    """Return the opening hours of a day in the clinic's time zone, in order; empty when it is closed."""
    if day in clinic.holidays:
        return []
    hours = clinic.hours.get(WEEKDAYS[day.weekday()], [])
    return [(moment(clinic, day, first), moment(clinic, day, last)) for first, last in hours]


def moment(clinic: Clinic, day: date, at: time) -> datetime:
    """Return in UTC when the clinic's clocks show that time."""
    return datetime.combine(day, at, clinic.zone).astimezone(UTC)


def promise(clinic: Clinic, at: datetime, channel: str, *, reach: Reach = "either", preferred: Span | None = None) -> Promise:
    """Return when the clinic gets in touch with somebody who asks at that moment.

    Args:
        channel: `live`, `callback` or `appointment`.
        reach: how they can be reached.
        preferred: when they want to be called; for `callback` only.
    """
    span = _wished(clinic, at, preferred) if channel == "callback" and preferred else None
    span = span or _promised(clinic, at)
    if span is None:
        return Promise(f"We {GET_IN_TOUCH[reach]} as soon as we can.")
    words = f"e {GET_IN_TOUCH[reach]} {_when(clinic, at, span)}."
    if channel == "live":
        return Promise(f"Somebody from the clinic joins this chat as soon as they are free. If nobody can, w{words}", *span)
    return Promise(f"W{words}", *span)


def _promised(clinic: Clinic, at: datetime) -> Span | None:
    spans = ((max(start, at), end) for start, end in spans_from(clinic, at))
    return next((span for span in spans if span[1] - span[0] >= NOTICE), None)


def _wished(clinic: Clinic, at: datetime, preferred: Span) -> Span | None:
    """Return the first part of the opening hours within `preferred` that leaves enough time; None when there is none."""
    first, last = max(preferred[0], at), preferred[1]
    for start, end in spans_from(clinic, first):
        if start >= last:
            return None
        if min(end, last) - max(start, first) >= NOTICE:
            return max(start, first), min(end, last)
    return None


def _when(clinic: Clinic, at: datetime, span: Span) -> str:
    start, end = local(clinic, span[0]), local(clinic, span[1])
    day = "today" if start.date() == local(clinic, at).date() else f"on {say_day(start.date())},"
    if span[0] <= at:
        return f"today before {say_time(end.time())}"
    return f"{day} between {say_time(start.time())} and {say_time(end.time())}"


def describe_hours(clinic: Clinic) -> str:
    """Return the opening hours in words, without a full stop; "" when the clinic has given none."""
    open_days = [(day, tuple(clinic.hours[day])) for day in WEEKDAYS if clinic.hours.get(day)]
    runs = groupby(enumerate(open_days), key=lambda item: (item[1][1], WEEKDAYS.index(item[1][0]) - item[0]))
    return "; ".join(_describe([day for _, (day, _) in run], list(spans)) for (spans, _), run in runs)


def _describe(days: list[str], spans: list[tuple[time, time]]) -> str:
    names = f"{days[0].title()} to {days[-1].title()}" if len(days) > 2 else join_words([day.title() for day in days])
    return f"{names} {describe_spans(spans)}"


def describe_spans(spans: list[tuple[time, time]]) -> str:
    """Return for example "9:00 AM to 12:00 PM and 1:00 PM to 5:00 PM"."""
    return join_words([f"{say_time(first)} to {say_time(last)}" for first, last in spans])
