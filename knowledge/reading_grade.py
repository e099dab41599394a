"""How many years of school a text asks of its reader (Flesch-Kincaid grade).

Source: Kincaid et al., "Derivation of new readability formulas for Navy enlisted personnel", 1975.
"""

import re
from collections.abc import Iterable

_WORD = re.compile(r"[a-z0-9'’-]+")
_VOWELS = re.compile(r"[aeiouy]+")
_ENDING = re.compile(r"(?:e|ed|es)$")
_SOUNDED_ENDING = ("le", "ted", "ded", "ses", "ces", "zes", "ges", "shes", "ches")
_SENTENCE = re.compile(r"[.?!:;](?:\s|$)|\n+")


def reading_grade(text: str, *, known: Iterable[str] = ()) -> float:
    """Return the grade of `text`, about 1 to 18; 0 for a text without words.

    Args:
        known: names that the reader must learn anyway, such as procedures. Each counts as one short word,
            so that the grade says how hard the sentences are and not how long the names of medicine are.
    """
    plain = _with_names_short(text.lower(), known)
    sentence_count = sum(bool(_WORD.search(part)) for part in _SENTENCE.split(plain))
    found = _WORD.findall(plain)
    if not found:
        return 0.0
    syllable_count = sum(map(_syllables, found))
    return 0.39 * len(found) / sentence_count + 11.8 * syllable_count / len(found) - 15.59


def _with_names_short(text: str, known: Iterable[str]) -> str:
    for name in sorted(known, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name.lower())}(?:s|es)?\b", "it", text)
    return text


def _syllables(word: str) -> int:
    silent = len(word) > 3 and not word.endswith(_SOUNDED_ENDING)
    return max(1, len(_VOWELS.findall(_ENDING.sub("", word) if silent else word)))
