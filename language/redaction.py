"""Takes identifiers out of what a visitor typed, before anything is stored, logged or sent on (docs/privacy.md).

Names, street addresses and numbers in words have no form of their own and stay; the contact card is the place for them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from language.identifiers import (
    BIRTH,
    CARD,
    EMAIL,
    INSURANCE,
    NUMBER,
    OF_ADDRESSES,
    OF_DIGITS,
    PHONE,
    RECORD,
    SSN,
    digits_of,
)

NAMES = {
    PHONE: "phone number",
    EMAIL: "e-mail address",
    BIRTH: "date of birth",
    SSN: "social security number",
    RECORD: "record number",
    INSURANCE: "insurance number",
    CARD: "card number",
    NUMBER: "number",
}
"""What each kind is called towards the visitor, and in the placeholder."""

MIN_KEPT_DIGITS = 7

_PLACEHOLDERS = {f"[{name} removed]": kind for kind, name in NAMES.items()}
_PLACEHOLDER = re.compile("|".join(map(re.escape, _PLACEHOLDERS)))
_BEFORE_SIGN = re.compile(r"\s+([.,;:?!])")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_SIGNS = _DASHES | {ord("＠"): "@", ord("’"): "'", ord("．"): ".", ord("＋"): "+", ord("／"): "/", ord("\u00a0"): " "}
_MAY_BE_ADDRESS = re.compile(r"@|\bat\b")
_HAS_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Redacted:
    """A text without identifiers.

    Attributes:
        text: with a placeholder, as "[phone number removed]", for each identifier.
        kinds: of what was taken out, each once, in order; empty: nothing was, and `text` is what came in.
    """

    text: str
    kinds: tuple[str, ...]


def redact(text: str, *, keep: Collection[str] = (), today: date | None = None) -> Redacted:
    """Return `text` without phone numbers, e-mail addresses, dates of birth, and numbers of persons and cards.

    What was redacted once comes back unchanged. Takes at most a millisecond (docs/results/redaction.md).

    Args:
        keep: phone numbers that are nobody's secret, as the clinic's own, in any spelling.
        today: for what counts as a date of birth; the present day when not given.
    """
    folded = _fold(text)
    found: list[tuple[int, int, str]] = []
    patterns = (OF_ADDRESSES if _MAY_BE_ADDRESS.search(folded) else ()) + (OF_DIGITS if _HAS_DIGIT.search(folded) else ())
    kept = {digits_of(number)[-10:] for number in keep if len(digits_of(number)) >= MIN_KEPT_DIGITS}
    day = today or date.today()
    for pattern in patterns:
        for start, end in pattern.find(folded, day):
            if all(end <= first or last <= start for first, last, _ in found):
                found.append((start, end, "" if digits_of(folded[start:end])[-10:] in kept else pattern.kind))
    return _without(text, sorted(each for each in found if each[2]))


def removed_kinds(text: str) -> tuple[str, ...]:
    """Return which identifiers were taken out of a redacted `text`, each once, in order; empty: none."""
    return tuple(dict.fromkeys(_PLACEHOLDERS[match.group()] for match in _PLACEHOLDER.finditer(text)))


def without_placeholders(text: str) -> str:
    """Return a redacted `text` without its placeholders, for search and intents, which would take their words for the question's.

    Empty when the text was nothing but identifiers.
    """
    if not _PLACEHOLDER.search(text):
        return text
    rest = _BEFORE_SIGN.sub(r"\1", _PLACEHOLDER.sub(" ", text)).split()
    return " ".join(rest) if any(map(str.isalnum, "".join(rest))) else ""


def _fold(text: str) -> str:
    """Return `text` in the same length, so that places stay: lower case, ASCII digits, plain hyphens."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_sign, text.translate(_SIGNS)))


def _fold_sign(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    lower = sign.lower()
    return str(value) if value is not None else lower if len(lower) == 1 else sign


def _without(text: str, found: list[tuple[int, int, str]]) -> Redacted:
    parts: list[str] = []
    last = 0
    for start, end, kind in found:
        parts += [text[last:start], f"[{NAMES[kind]} removed]"]
        last = end
    return Redacted("".join([*parts, text[last:]]), tuple(dict.fromkeys(kind for _, _, kind in found)))
