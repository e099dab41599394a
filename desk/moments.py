"""Words for days and times in the clinic's time zone."""

from datetime import date, datetime, time

from knowledge.clinic import Clinic


def say_time(moment: time) -> str:
    """Return for example "3:00 PM"."""
    return f"{moment.hour % 12 or 12}:{moment.minute:02d} {'AM' if moment.hour < 12 else 'PM'}"


def say_day(day: date) -> str:
    """Return for example "Tuesday, November 24"."""
    return f"{day:%A, %B} {day.day}"


def local(clinic: Clinic, at: datetime) -> datetime:
    """Return the moment in the clinic's time zone."""
    return at.astimezone(clinic.zone)


def join_words(words: list[str], last: str = "and") -> str:
    """Return "a", "a and b" or "a, b and c"; "" for none."""
    return f" {last} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)
