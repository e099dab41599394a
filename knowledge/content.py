"""The form of the knowledge files (docs/knowledge.md), as strict types."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
AnswerId = Annotated[str, Field(pattern=r"^[a-z-]+/[a-z0-9-]+$")]
Line = Annotated[str, Field(min_length=1, max_length=300)]


class Strict(BaseModel):
    """Unknown keys are refused; values do not change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Topic(Strict):
    """What a patient can ask about; `terms` are words of patients for it."""

    id: Slug
    name: Line
    terms: tuple[Line, ...] = Field(min_length=1)


class Procedure(Strict):
    """An operation or treatment; `parent` is the group that it belongs to, null for none."""

    id: Slug
    name: Line
    kind: Literal["surgery", "treatment"]
    parent: Slug | None
    terms: tuple[Line, ...] = Field(min_length=1)
    not_to_confuse_with: tuple[Line, ...]


class Insurer(Strict):
    """An insurer that patients name; being listed says nothing on whether it is accepted."""

    id: Slug
    name: Line
    terms: tuple[Line, ...] = Field(min_length=1)
    not_to_confuse_with: tuple[Line, ...] = ()


class Source(Strict):
    """A page or document that was read on a day. Exactly one of `url` and `document` is given."""

    title: Line
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    document: Line | None = None
    read_on: date

    @model_validator(mode="after")
    def _one_place(self) -> "Source":
        if (self.url is None) == (self.document is None):
            raise ValueError("give either url or document")
        return self


class ListedSource(Source):
    """A source in `sources.yml`, where facts find it by `id`."""

    id: Slug


class Fact(Strict):
    """A numbered statement in our own words, from the source with the id `source`."""

    id: Annotated[str, Field(pattern=r"^F?\d{1,3}$")]
    statement: Annotated[str, Field(min_length=1)]
    source: Slug


class AnswerFile(Strict):
    """One approved answer, as written in its file.

    Attributes:
        id: `topic/slug`, the same as the file's place.
        procedures: ids; empty for a general answer.
        question: the question that it answers, as a title.
        phrasings: other ways to ask; usually empty here, in a file of their own.
        text: for the patient. script: to be read aloud. note: for staff only.
        facts: numbers of the facts that the text rests on; empty when it states none.
        reviewed_by, reviewed_on: null until a person of the clinic has reviewed it.
    """

    id: AnswerId
    topic: Slug
    procedures: tuple[Slug, ...]
    question: Line
    phrasings: tuple[Line, ...] = ()
    text: Annotated[str, Field(min_length=1)]
    script: Annotated[str, Field(min_length=1)]
    note: str | None = None
    facts: tuple[str, ...]
    sources: tuple[Source, ...]
    reviewed_by: Line | None
    reviewed_on: date | None
    review_due_on: date

    @model_validator(mode="after")
    def _review_is_whole(self) -> "AnswerFile":
        if (self.reviewed_by is None) != (self.reviewed_on is None):
            raise ValueError("reviewed_by and reviewed_on are given together or are both null")
        return self


@dataclass(frozen=True)
class Answer:
    """An answer with all its phrasings and the place where each was read."""

    file: Path
    written: AnswerFile
    phrasings: tuple[str, ...]
    lines: dict[str, int] = field(default_factory=dict, compare=False)
    phrasing_places: tuple[tuple[Path, int], ...] = field(default=(), compare=False)

    @property
    def id(self) -> str:
        return self.written.id


@dataclass(frozen=True)
class Content:
    """All knowledge files of one folder.

    Attributes:
        places: file and line of each entry of the lists, by file name and id.
    """

    topics: tuple[Topic, ...]
    procedures: tuple[Procedure, ...]
    sources: tuple[ListedSource, ...]
    facts: tuple[Fact, ...]
    answers: tuple[Answer, ...]
    insurers: tuple[Insurer, ...] = ()
    places: dict[tuple[str, str], tuple[Path, int]] = field(default_factory=dict, compare=False)
