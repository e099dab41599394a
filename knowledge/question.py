"""What is known about a question before anything is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from language.text import words

WHOLE_FIELD = "facial-reanimation"
"""Naming the whole field names no procedure: the general answers are meant."""

_POINTS_BACK = frozenset("that it this these those one ones they them then there after afterwards same other instead".split())
_OPENS_ON = re.compile(r"^(?:ok|okay|and|so|but|also|then|what about|how about|no|nah|sorry)\b")

FEW_WORDS = 6
"""Up to so many words, a question without a named procedure may lean on the one before. Source: docs/results/search-ranking.md."""

_EMPTY_WORDS = frozenset(
    (
        "a about an and the for of on in with what how ok okay so but also then i mean meant no not is it to one ones instead"
        " my actually sorry thing"
    ).split()
)


@dataclass(frozen=True)
class Context:
    """What the last answer in this conversation was about.

    Attributes:
        topic: id, or None at the start.
        procedures: ids; empty after a general answer.
        shown: ids of the answers of the last reply; asking on seldom means the same ones again.
    """

    topic: str | None = None
    procedures: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Question:
    """A visitor's question.

    Attributes:
        text: cleaned, as typed.
        repaired: lower-cased, without shorthand and typing errors.
        procedures: ids that it names, the whole field left out.
        insurers: ids that it names.
        terms: the pieces of text that name them.
        hints: out-of-scope classes that some of its words speak for.
        context: of the conversation so far.
        rejects: ids of answers that the visitor has just said were not meant.
    """

    text: str
    repaired: str
    procedures: frozenset[str]
    insurers: frozenset[str]
    terms: tuple[str, ...] = ()
    hints: frozenset[str] = frozenset()
    context: Context = field(default_factory=Context)
    rejects: frozenset[str] = frozenset()

    @property
    def names_nothing(self) -> bool:
        """True when it names no procedure and no insurer, so that what was said before may be meant."""
        return not self.procedures and not self.insurers

    @property
    def leans(self) -> bool:
        """True when it seems to go on about what was said before."""
        return leans_on_the_last(self.repaired)

    @property
    def assumed_procedures(self) -> frozenset[str]:
        """The procedures of the last answer, if the question names none; else empty."""
        return self.context.procedures if self.names_nothing else frozenset()

    @property
    def assumed_topic(self) -> str | None:
        """The last topic, if the question names a procedure and nothing else; else None."""
        return self.context.topic if self.procedures and not self._content_words() else None

    def _content_words(self) -> set[str]:
        named = {word for term in self.terms for word in words(term)}
        return set(words(self.text)) - named - _EMPTY_WORDS


def leans_on_the_last(text: str) -> bool:
    """Say whether `text` points back to what was said before: by its opening, a pronoun, or its shortness."""
    found = words(text)
    return bool(_OPENS_ON.match(text)) or len(found) <= FEW_WORDS or not _POINTS_BACK.isdisjoint(found)
