"""Brings free words on times into few forms: small letters, whole words, no misspelt days."""

import re

from symspellpy.editdistance import DistanceAlgorithm, EditDistance

from knowledge.clinic import WEEKDAYS

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SPELT = (*WEEKDAYS, *MONTHS, "tomorrow", "morning", "afternoon", "evening", "yesterday", "weekday", "weekend", "today")
_KNOWN = {*_SPELT, *(f"{word}s" for word in _SPELT), "someday", "daytime", "midday"}
_DISTANCE = EditDistance(DistanceAlgorithm.DAMERAU_OSA)
SHORTEST = 6
"""Shorter words are too near to others to be repaired."""

_SHORT: dict[str, str] = {
    **{"mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday", "weds": "wednesday", "thu": "thursday"},
    **{"thur": "thursday", "thurs": "thursday", "fri": "friday", "sat": "saturday", "sun": "sunday"},
    **{month[:3]: month for month in MONTHS},
    **{"sept": "september", "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow", "tomo": "tomorrow", "2moro": "tomorrow"},
    **{"2day": "today", "tonite": "tonight", "tonight": "today evening", "tonights": "today evening", "midday": "noon", "noontime": "noon"},
    **{"aft": "afternoon", "arvo": "afternoon", "eve": "evening", "wk": "week", "wknd": "weekend", "b4": "before", "btw": "between"},
    **{"btwn": "between", "til": "until", "till": "until", "anytime": "any time", "pls": "please", "plz": "please", "approx": "around"},
    **{
        "mornin": "morning",
        "morn": "morning",
        "thru": "through",
        "nxt": "next",
        "wkend": "weekend",
        "lunchtime": "lunch",
        "wensday": "wednesday",
        "wendsday": "wednesday",
        "tommorow": "tomorrow",
    },
}
_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
}
_REWRITES = (
    (re.compile(r"[’`´]"), "'"),
    (re.compile(r"[–—−]"), "-"),
    (re.compile(r"\b([ap])\.\s?m\b\.?"), r"\1m"),
    (re.compile(r"(?<=[a-z]{3})\."), ""),
    (re.compile(r"(\d)\s*([ap])\b(?!')"), r"\1\2m"),
    (re.compile(r"(\d)\s+([ap]m)\b"), r"\1\2"),
    (re.compile(r"\bo'?\s?clock\b"), " oclock"),
    (re.compile(r"\bhalf past (\d{1,2})\b"), r"\1:30"),
    (re.compile(r"\bquarter past (\d{1,2})\b"), r"\1:15"),
    (re.compile(r"\b(\d{1,2})h\b"), r"\1:00"),
    (re.compile(r"\b(\d{1,2})h(\d\d)\b"), r"\1:\2"),
    (re.compile(r"(\d)(?:am)? in the mornings?\b"), r"\1am"),
    (re.compile(r"(\d)(?:pm)? in the (?:afternoon|evening)s?\b"), r"\1pm"),
    (re.compile(r"(?<=[\dm])ish\b"), ""),
    (re.compile(r"\bthis (morning|afternoon|evening)\b"), r"today \1"),
    (re.compile(r"\bfirst thing\b"), "early morning"),
    (re.compile(r"\ball day(?: long)?\b"), " "),
    (re.compile(r"\b(?:after lunch)\b"), "afternoon"),
    (re.compile(r"\b(?:before lunch)\b"), "morning"),
    (re.compile(r"\b(?:end of (?:the )?day|after work)\b"), "late afternoon"),
)


def normal(text: str) -> str:
    """Return `text` in small letters with shorthand, number words and misspelt days written out."""
    text = text.lower().replace("o’clock", "oclock")
    for pattern, written in _REWRITES[:2]:
        text = pattern.sub(written, text)
    text = re.sub(r"[a-z0-9']+", lambda match: _whole(match[0]), text)
    for pattern, written in _REWRITES:
        text = pattern.sub(written, text)
    return re.sub(r"\s+", " ", text).strip(" .!?")


def _whole(word: str) -> str:
    bare = word.removesuffix("'s") if word.removesuffix("'s") in _KNOWN else word
    bare = _SHORT.get(bare) or _NUMBERS.get(bare) or bare
    return bare if len(bare) < SHORTEST or bare in _KNOWN else _repaired(bare)


def _repaired(word: str) -> str:
    """Return the one known word that is a single slip away, or `word` itself."""
    near = [known for known in _SPELT if 0 <= _DISTANCE.compare(word, known, 1) <= 1]
    if not near and word.endswith("s"):
        near = [f"{known}s" for known in _SPELT if 0 <= _DISTANCE.compare(word, f"{known}s", 1) <= 1]
    return near[0] if len(near) == 1 else word
