"""What a visitor typed, made safe to store, to show and to give to Rasa."""

import unicodedata
from collections.abc import Collection

from gateway.errors import TextEmpty, TextTooLong
from language.redaction import redact
from language.text import clean, is_too_long

MAX_MARKS = 3
"""Combining marks kept in a row. No living script needs more; "zalgo" text stacks dozens. Source: reliability notes, 4.4."""


def read_text(typed: str) -> str:
    """Return `typed` cleaned, as it is stored and shown.

    Raises:
        TextEmpty: nothing readable is left.
        TextTooLong: longer than an answer is looked up for.
    """
    text = _tame(clean(typed))
    if not without_command(text):
        raise TextEmpty
    if is_too_long(text):
        raise TextTooLong
    return text


def read_visitor_text(typed: str, *, keep: Collection[str] = ()) -> str:
    """Return `typed` cleaned and without identifiers: the only form in which a visitor's text is known behind this gate.

    What was taken out can be read off the text (`language.redaction.removed_kinds`). Raises as `read_text`; a text can be too long
    with the placeholders in it.

    Args:
        keep: phone numbers that stay, as the clinic's own.
    """
    text = redact(read_text(typed), keep=keep).text
    if is_too_long(text):
        raise TextTooLong
    return text


def without_command(text: str) -> str:
    """Return `text` without leading slashes: Rasa takes `/intent{…}` as a command, and a visitor's text never is one.

    Done last, since cleaning after it could bring a slash to the front again.
    """
    while (shorter := text.strip().lstrip("/")) != text:
        text = shorter
    return text


def _tame(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)
