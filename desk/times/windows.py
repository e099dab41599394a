"""Finds times of day: "after 3", "mornings", "between 2 and 4", "9:30 am"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from desk.moments import say_time

FIRST_HOUR = 7
"""An hour below it without "am" or "pm" is meant for the afternoon: nobody asks a clinic for 3 at night."""


@dataclass(frozen=True)
class Window:
    """A part of the day; where it has no beginning or no end, the opening hours give it. Both equal: a point in time.

    Attributes:
        words: how it is read back: "after 3:00 PM".
    """

    words: str
    start: time | None = None
    end: time | None = None


PARTS = {
    "early morning": Window("early in the morning", None, time(10)),
    "late morning": Window("late in the morning", time(10), time(12)),
    "early afternoon": Window("early in the afternoon", time(12), time(15)),
    "late afternoon": Window("late in the afternoon", time(15), time(18)),
    "morning": Window("in the morning", None, time(12)),
    "lunch": Window("around noon", time(11, 30), time(13, 30)),
    "afternoon": Window("in the afternoon", time(12), time(18)),
    "evening": Window("in the evening", time(17), time(22)),
    "night": Window("at night", time(19), None),
}

_EXACT = re.compile(r"\b(?:(\d{1,2})(?:[:.](\d\d))?\s?([ap]m)|(\d{1,2}):(\d\d)(?! ?[ap]m)|(noon|12 noon)|(\d{1,2}) oclock)\b")
_CLOCK = r"(@\d{4}|\d{1,2})(?![\d/.:])"
_AFTER = r"(?:not before|no earlier than|later than|after|from|past|since|starting(?: at| from)?)"
_BEFORE = r"(?:not after|no later than|not later than|earlier than|before|until|up to|by)"
_LATER = r"(?:and later|or later|or after|and after|onwards?|and on|on$)"


def _between(match: re.Match[str]) -> Window | None:
    end = _time(match[2])
    start = _time(match[1])
    if start and end and not match[1].startswith("@") and start < end.replace(hour=end.hour - 12 if end.hour > 12 else end.hour) < end:
        start = start.replace(hour=start.hour + 12)
    if start is None or end is None or start >= end:
        return None
    return Window(f"between {say_time(start)} and {say_time(end)}", start, end)


def _after(match: re.Match[str]) -> Window | None:
    start = _time(match[1])
    return Window(f"after {say_time(start)}", start) if start else None


def _before(match: re.Match[str]) -> Window | None:
    end = _time(match[1])
    return Window(f"before {say_time(end)}", None, end) if end else None


def _at(match: re.Match[str]) -> Window | None:
    point = _time(match[1])
    return Window(f"at {say_time(point)}", point, point) if point else None


def _part(match: re.Match[str]) -> Window | None:
    return PARTS[match[1]]


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Window | None]], ...] = (
    (re.compile(rf"\bbetween {_CLOCK} ?(?:-|and|to) ?{_CLOCK}"), _between),
    (re.compile(rf"(?:\bfrom )?{_CLOCK} ?(?:-|to|until) ?{_CLOCK}"), _between),
    (re.compile(rf"\b{_AFTER} {_CLOCK}"), _after),
    (re.compile(rf"(?:\bat )?{_CLOCK} {_LATER}"), _after),
    (re.compile(rf"\b{_BEFORE} {_CLOCK}"), _before),
    (re.compile(rf"\b(?:at|around|about) {_CLOCK}"), _at),
    (re.compile(r"(@\d{4})"), _at),
    (re.compile(rf"\b({'|'.join(PARTS)})(?:s|-?time)?\b"), _part),
)


def tell(windows: list[Window]) -> Window | None:
    """Return the one window that is meant: of "in the afternoon" and "between 2 and 3" the clearer one. None when they disagree."""
    if len(windows) == 2:
        windows = sorted(windows, key=lambda window: window in PARTS.values())
        part, clear = windows[1], windows[0].start or windows[0].end
        is_within = part in PARTS.values() and clear is not None and (part.start or time.min) <= clear <= (part.end or time.max)
        return windows[0] if is_within else None
    return windows[0] if len(windows) == 1 else None


def mark_windows(text: str) -> tuple[str, list[Window]]:
    """Return the text with ` ¤0 `, ` ¤1 ` … where windows stood, and these windows."""
    windows: list[Window] = []
    text = _EXACT.sub(_exact, text)
    for pattern, read in _FORMS:
        text = pattern.sub(lambda match, read=read: _mark(match, read(match), windows), text)  # type: ignore[misc]
    return text, windows


def _mark(match: re.Match[str], window: Window | None, windows: list[Window]) -> str:
    if window is None:
        return match[0]
    windows.append(window)
    return f" ¤{len(windows) - 1} "


def _exact(match: re.Match[str]) -> str:
    """Return the clock time as @HHMM, or the words themselves where there is no such time."""
    hour, minute = int(match[1] or match[4] or match[7] or 12), int(match[2] or match[5] or 0)
    if match[3] and hour <= 12:
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    elif 0 < hour < FIRST_HOUR and len(match[4] or match[7] or "") == 1:
        hour += 12
    return f"@{hour:02d}{minute:02d}" if hour < 24 and minute < 60 else match[0]


def _time(text: str) -> time | None:
    """Return the time of @HHMM or a bare hour; None when there is no such hour."""
    if text.startswith("@"):
        return time(int(text[1:3]), int(text[3:]))
    hour = int(text)
    if hour > 23:
        return None
    return time(hour + 12 if 0 < hour < FIRST_HOUR and len(text) == 1 else hour)
