"""Puts days and times of day together, and holds them against the opening hours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from desk.errors import WishInvalid
from desk.moments import local, say_day, say_time
from desk.opening import Span, describe_hours, describe_spans, moment, next_opening, spans_of
from desk.times.days import FIELD, Days, any_day, join_days, mark_days
from desk.times.windows import Window, mark_windows, tell
from desk.times.words import normal
from knowledge.clinic import Clinic
from language.text import clean

VISIT = timedelta(hours=1)
"""How long a point in time is taken to last."""

FILLERS = frozenset(
    "a about afterwards am an anything appointment are at available be best better but by call can come could do during either fine for "
    "free good great hello hi hours i i'd i'll i'm ideally if in is it just like make maybe me my of ok okay on only or please possible "
    "prefer preferably preferred rather see slot some sometime suit suits thank thanks that the then there's time times to us visit want "
    "we well will with work works would yes you".split()
) - {"but"}
"""Words that change nothing. One that is not among them may, such as "not" or "except"."""

_SEPARATOR = re.compile(r"\b(?:or|and|and/or)\b|[,;/&+]")


@dataclass(frozen=True)
class PreferredTimes:
    """Preferred times as said, and as understood.

    Attributes:
        text: as said.
        confirmed: how they are read back, without a full stop: "Tuesday, November 24, after 3:00 PM".
        start, end: the next time in opening hours that fits, in UTC; None where no time is named or it was not understood.
    """

    text: str
    confirmed: str
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class _Clause:
    """Days that share one window; without days: any day."""

    days: tuple[Days, ...] = ()
    window: Window | None = None

    @property
    def words(self) -> str:
        days = join_days(self.days)
        if self.window is None:
            return days or "any time"
        return f"{days}, {self.window.words}" if days else f"any day, {self.window.words}"


def read_times(text: str, now: datetime, clinic: Clinic) -> PreferredTimes:
    """Return the preferred times. Words that cannot be read for sure are kept, and read back as they were said.

    Raises:
        WishInvalid: they lie in the past, or when the clinic is closed; says when it is open.
    """
    said = clean(text)
    clauses = _understand(normal(said), local(clinic, now).date())
    if not clauses:
        return PreferredTimes(said, f"as you said: {said}")
    if all(clause.window is None and not clause.days for clause in clauses):
        return PreferredTimes(said, "any time")
    if not clinic.hours:
        return PreferredTimes(said, _read_back(clauses))
    fitting = [found for clause in clauses for found in _fit(clause, now, clinic)]
    if not fitting:
        raise WishInvalid(FIELD, _refusal(clauses, now, clinic))
    start, end = min(span for _, span in fitting)
    return PreferredTimes(said, _read_back([clause for clause, _ in fitting]), start, end)


def _read_back(clauses: list[_Clause]) -> str:
    return "; or ".join(clause.words for clause in clauses)


def _understand(text: str, today: date) -> list[_Clause]:
    """Return what the text says; empty when a single word of it is not understood."""
    text, days = mark_days(text, today)
    text, windows = mark_windows(text)
    clauses = []
    for part in _SEPARATOR.split(text):
        marks = re.findall(r"([§¤])(\d+)", part)
        left = re.sub(r"[§¤]\d+", " ", part).replace(".", " ").replace("-", " ").split()
        own = [windows[int(number)] for kind, number in marks if kind == "¤"]
        if any(word not in FILLERS for word in left) or (own and tell(own) is None):
            return []
        own_days = tuple(days[int(number)] for kind, number in marks if kind == "§")
        clauses += [_Clause(own_days, tell(own))] if marks else []
    return _shared([replace(clause, days=tuple(each for each in clause.days if each.words != "any day")) for clause in clauses])


def _shared(clauses: list[_Clause]) -> list[_Clause]:
    """Give days the window that is said once for several, and windows the days: "Tuesday or Thursday afternoon"."""
    merged: list[_Clause] = []
    waiting: tuple[Days, ...] = ()
    for clause in clauses:
        if clause.days and clause.window is None:
            waiting += clause.days
        elif not clause.days and merged and not waiting:
            merged.append(replace(clause, days=merged[-1].days))
        else:
            merged.append(replace(clause, days=waiting + clause.days))
            waiting = ()
    return [*merged, *([_Clause(waiting)] if waiting else [])]


def _fit(clause: _Clause, now: datetime, clinic: Clinic) -> list[tuple[_Clause, Span]]:
    """Return the clause with those of its days on which it can be, and the next time; empty when there is none."""
    days = clause.days or (any_day(local(clinic, now).date()),)
    spans = {each: span for each in days if (span := _fit_days(each, clause.window, now, clinic))}
    kept = tuple(_settled(each, spans[each], clinic) for each in clause.days if each in spans)
    return [(replace(clause, days=kept), min(spans.values()))] if spans else []


def _settled(days: Days, span: Span, clinic: Clinic) -> Days:
    """Return the one date that was found: "Monday at 9" said on a Monday at 10 is a week later."""
    day = _day(clinic, span)
    return replace(days, words=say_day(day), dates=(day,)) if days.is_one and day != days.dates[0] else days


def _fit_days(days: Days, window: Window | None, now: datetime, clinic: Clinic) -> Span | None:
    fitting = [span for day in days.dates for span in _within(clinic, day, window) if span[1] > now]
    if not fitting:
        return None
    last = fitting[-1] if days.is_whole else [span for span in fitting if _day(clinic, span) == _day(clinic, fitting[0])][-1]
    return max(fitting[0][0], now), last[1]


def _day(clinic: Clinic, span: Span) -> date:
    return local(clinic, span[0]).date()


def _within(clinic: Clinic, day: date, window: Window | None) -> Iterator[Span]:
    first = moment(clinic, day, window.start) if window and window.start else None
    last = moment(clinic, day, window.end) if window and window.end else None
    for start, end in spans_of(clinic, day):
        if first and first == last:
            if start <= first < end:
                yield first, min(first + VISIT, end)
        elif (cut := (max(start, first or start), min(end, last or end)))[0] < cut[1]:
            yield cut


def _refusal(clauses: list[_Clause], now: datetime, clinic: Clinic) -> str:
    """Return why nothing fits, and what would."""
    today = local(clinic, now).date()
    single = clauses[0].days[0] if len(clauses) == 1 and len(clauses[0].days) == 1 else None
    if single is None or not single.is_one:
        return f"The clinic is closed then. It is open {describe_hours(clinic)}. Which time suits you?"
    day = single.dates[0]
    if day < today:
        return f"{say_day(day)} has passed. Which day from today on suits you?"
    if not spans_of(clinic, day):
        return f"The clinic is closed on {say_day(day)}. It is open {describe_hours(clinic)}. Which other day suits you?"
    if day == today:
        return f"That time has passed for today. {_next_words(clinic, now)}Which time suits you?"
    return f"On {say_day(day)} the clinic is open {_hours_of(clinic, day)}. Which time then suits you?"


def _next_words(clinic: Clinic, now: datetime) -> str:
    opening = next_opening(clinic, now)
    if opening is None:
        return ""
    start, end = local(clinic, opening[0]), local(clinic, opening[1])
    if opening[0] <= now:
        return f"The clinic is open until {say_time(end.time())}. "
    return f"The clinic opens again on {say_day(start.date())} at {say_time(start.time())}. "


def _hours_of(clinic: Clinic, day: date) -> str:
    spans: list[tuple[time, time]] = [(local(clinic, start).time(), local(clinic, end).time()) for start, end in spans_of(clinic, day)]
    return describe_spans(spans)
