"""Cleaning and splitting of what a visitor typed."""

import re
import unicodedata

MAX_CHARACTERS = 1000
"""Longer texts cost Rasa seconds, then gigabytes. Source: docs/adr/0005-limits.md."""

MAX_WORDS = 200

_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn"}
_JOINER = "\u200d"  # joins emoji
_BREAKS = "\u200b"  # parts words; other format characters, such as the soft hyphen, stand inside of them
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|\n+")


def clean(text: str) -> str:
    """Return `text` in NFC on one line, without control, format or unassigned characters.

    Empty when nothing readable is left. Never raises, whatever the text holds.
    """
    visible = "".join(map(_visible, text.encode("utf-8", "ignore").decode("utf-8")))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", visible)).strip(f" {_JOINER}")


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if character == _JOINER or category not in _HIDDEN_CATEGORIES:
        return character
    return "" if category == "Cf" and character != _BREAKS else " "


def is_too_long(text: str) -> bool:
    """Say whether `text` has more characters or words than an answer is looked up for."""
    return len(text) > MAX_CHARACTERS or len(text.split()) > MAX_WORDS


def words(text: str) -> list[str]:
    """Return the lower-cased words of `text`, apostrophes kept, in order; [] for emoji only."""
    return [match.group().lower().replace("’", "'") for match in _WORDS.finditer(text)]


def comparable(text: str) -> str:
    """Return the words of `text` joined by spaces: two texts that differ in signs only are equal."""
    return " ".join(words(text))


def sentences(text: str) -> list[str]:
    """Return the sentences and list lines of an answer text, without list marks."""
    parts = (part.strip().removeprefix("- ").strip() for part in _SENTENCE_END.split(text))
    return [part for part in parts if words(part)]
