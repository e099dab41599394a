"""The wishes that a form collects: their order, their buttons, and how an answer in the visitor's own words is read.

Nothing here is personal: name, phone and e-mail are asked for by the contact card, which never passes through Rasa.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from desk.times import PreferredTimes, read_times
from knowledge.clinic import Clinic

ORDER = {
    "appointment_form": ("visit_type", "preferred_times", "patient", "insurer", "about"),
    "callback_form": ("preferred_times", "about"),
}
CHANNELS = {"appointment_form": "appointment", "callback_form": "callback"}
ALL = ORDER["appointment_form"]

SKIPPED = ""
"""The value of a wish that was asked for and left open; None is one that was not asked for yet."""

MAX_ABOUT = 300
MAX_TIMES = 200
MAX_INSURER_WORDS = 6
MAX_CORRECTION_WORDS = 6
"""A longer text that holds a word such as "actually" says something else."""

NAMES = {
    "visit_type": "Visit",
    "preferred_times": "When",
    "patient": "Patient",
    "insurer": "Insurer",
    "about": "About",
}
VALUES = {"in_person": "in person", "virtual": "virtual, by video", "new": "new here", "returning": "been here before"}


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_VIRTUAL = _words(r"\b(virtual(ly)?|video|online|remote(ly)?|tele ?(visit|health|med\w*)|zoom|from home|on screen)\b")
_IN_PERSON = _words(r"\b(in[- ]person|at the (clinic|office)|face to face|on ?site|come in|physical(ly)?|there myself|go there)\b")
_NEVER = _words(r"\b(never|not (been|yet)|haven'?t been|have not been)\b")
_NEW = _words(r"\b(new|first (time|visit))\b")
_RETURNING = _words(
    r"\b(returning|been (there|here|before|a patient)|was (there|here)|already|existing|before|again|follow[- ]?up|old patient)\b"
)
_NO = _words(r"^(no|nope|nah)\b")
_YES = _words(r"^(yes|yeah|yep|yup)\b")
_NO_INSURER = _words(r"^(none|no|nope|no insurance|i (have|got) none|self[- ]?pay|uninsured|cash|not insured)\W*$")
_SKIP = _words(
    r"^(skip( (it|this|that|this one))?|pass|next( one| question)?|leave it( open)?)\W*$",
    r"^(i do(n'?t| not) know|not sure|no idea|no preference|rather not( say)?)\W*$",
)
_QUESTION = _words(
    r"\?\s*$",
    r"^(how|what|when|where|why|who|which|is|are|do|does|did|can|could|will|would|should|has|have you|am|may)\b",
)
_CORRECTION = _words(
    r"^(no|nope|sorry|wait|oops|oh)\b[,.! ]*",
    r"\b(instead|actually|i meant?|rather|make (it|that)|change (it|that|the \w+) to|correction|it'?s|i am|i'm)\b[,: ]*",
)


@dataclass(frozen=True)
class Read:
    """A wish that was understood. `shown` is how it is read back."""

    value: str
    shown: str


def is_skip(text: str) -> bool:
    """Say whether the visitor wants to leave a question open."""
    return bool(_SKIP.search(text.strip()))


def is_question(text: str) -> bool:
    """Say whether `text` is put as a question."""
    return bool(_QUESTION.search(text.strip()))


def without_correction(text: str) -> str | None:
    """Return what remains of "no, Wednesday instead" without the words of a correction; None when there are none."""
    rest = " ".join(_CORRECTION.sub(" ", text).split()).strip(" ,.!")
    is_correction = 0 < len(rest.split()) <= MAX_CORRECTION_WORDS and rest != text.strip(" ,.!")
    return rest if is_correction else None


def read_visit_type(text: str) -> Read | None:
    """Read "video please"; None for what is neither, or both."""
    found = [value for value, pattern in (("virtual", _VIRTUAL), ("in_person", _IN_PERSON)) if pattern.search(text)]
    return Read(found[0], VALUES[found[0]]) if len(found) == 1 else None


def read_patient(text: str) -> Read | None:
    """Read "first time", or the yes and no to "have you been a patient"; None for what is neither."""
    signs = (("new", _NEVER), ("returning", _RETURNING), ("new", _NEW), ("new", _NO), ("returning", _YES))
    value = next((value for value, pattern in signs if pattern.search(text.strip())), None)
    return Read(value, VALUES[value]) if value else None


def read_insurer(text: str) -> Read | None:
    """Read the name of an insurer, as said; None for a question, or more words than a name has."""
    if _NO_INSURER.search(text.strip()):
        return Read(SKIPPED, "no insurer")
    if is_question(text) or len(text.split()) > MAX_INSURER_WORDS:
        return None
    return Read(text.strip(), text.strip())


def read_about(text: str) -> Read | None:
    """Read what it is about, as said; None for a question."""
    said = text.strip()[:MAX_ABOUT]
    return None if is_question(text) or not said else Read(said, said)


def read_preferred_times(text: str, at: datetime, clinic: Clinic) -> Read | None:
    """Read "Tuesday after 3"; None for words that name no time.

    Raises:
        WishInvalid: the time is past, or the clinic is closed then; the text says so.
    """
    times = read_times(text, at, clinic)
    if not is_understood(times):
        return None
    lasts = read_times(times.confirmed, at, clinic).confirmed == times.confirmed  # "tomorrow" means another day tomorrow, a date does not
    return Read((times.confirmed if lasts else text)[:MAX_TIMES], times.confirmed)


def is_understood(times: PreferredTimes) -> bool:
    """Say whether the words were read, and not only kept as they were said."""
    return not times.confirmed.lower().startswith("as you said")


READERS: dict[str, Callable[[str], Read | None]] = {
    "visit_type": read_visit_type,
    "patient": read_patient,
    "insurer": read_insurer,
    "about": read_about,
}
"""Of all wishes but the times, which need the clock and the clinic."""


def button(title: str, wish: str, value: str) -> dict[str, str]:
    """Return a button that gives `wish` a value."""
    return {"title": title, "payload": f'/choose_wish{{"wish": "{wish}={value}"}}'}


BUTTONS = {
    "visit_type": [button("In person", "visit_type", "in_person"), button("Virtual", "visit_type", "virtual")],
    "patient": [button("New patient", "patient", "new"), button("I have been there before", "patient", "returning")],
    "insurer": [],
    "preferred_times": [button("Any time", "preferred_times", "any time")],
    "about": [],
}


def skip_button(wish: str) -> dict[str, str]:
    """Return the button that leaves a wish open."""
    return button("Skip", wish, "")
