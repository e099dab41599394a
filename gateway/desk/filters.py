"""How the staff pages write moments, names and longer texts."""

from datetime import date, datetime
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from database.base import now
from desk.moments import say_time
from knowledge.clinic import Clinic

CHANNELS = {"live": "Live chat", "callback": "Call back", "appointment": "Appointment"}
REASONS = {
    "requested": "asked for a person",
    "appointment": "wants an appointment",
    "not_covered": "could not be answered",
    "refused": "asked what the assistant may not answer",
    "red_flag": "after an emergency message",
    "unavailable": "the assistant was down",
    "call": "by phone",
}
OUTCOMES = {
    "called": "called",
    "booked": "appointment booked",
    "answered": "answered",
    "no_answer": "nobody reached",
    "not_needed": "not needed any more",
    "spam": "not serious",
    "handed_back": "handed back to the assistant",
    "other": "done",
}
WISHES = {"in_person": "in person", "virtual": "by video", "new": "new patient", "returning": "was here before"}


def install(environment: Environment, clinic: Clinic) -> None:
    """Give the templates the filters of the desk; moments are shown in the clinic's time zone."""
    zone = clinic.zone

    def local(at: datetime) -> str:
        there, today = at.astimezone(zone), now().astimezone(zone)
        if there.date() == today.date():
            return say_time(there.time())
        year = "" if there.year == today.year else f", {there.year}"
        return f"{there:%b} {there.day}{year}, {say_time(there.time())}"

    def local_full(at: datetime) -> str:
        there = at.astimezone(zone)
        return f"{there:%A, %B} {there.day}, {there.year}, {say_time(there.time())} {there.tzname()}"

    def span(start: datetime | None, end: datetime | None) -> str:
        if start is None or end is None:
            return ""
        first, last = start.astimezone(zone), end.astimezone(zone)
        return f"{first:%a}, {first:%b} {first.day}, {say_time(first.time())} to {say_time(last.time())}"

    environment.filters |= {"local": local, "local_full": local_full, "span": span, "day": _day, "paragraphs": _paragraphs}
    environment.filters |= {
        "about": _about,
        "channel_name": lambda name: CHANNELS.get(name, name),
        "reason_name": lambda name: REASONS.get(name, name),
        "outcome_name": lambda name: OUTCOMES.get(name, name or ""),
        "wish": lambda value: WISHES.get(value, value),
    }


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _paragraphs(text: str) -> Markup:
    """Escaped text with its line breaks. What visitors and staff write is shown as they wrote it."""
    parts = [part for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(Markup("<br>").join(map(escape, part.split("\n")))) for part in parts)


def _about(handoff: Any) -> str:
    """Topic and procedure in words; what the visitor wants in general where neither is known."""
    names = [name.replace("-", " ") for name in (handoff.topic, handoff.procedure) if name]
    return ", ".join(names) or REASONS.get(handoff.reason, "a request")
