"""Reads the published release: what may be shown, and nothing else."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, selectinload

from knowledge import models
from knowledge.errors import NothingPublished
from language.text import sentences


@dataclass(frozen=True)
class PublishedSource:
    """Where an answer comes from. `url` is None for a document that is not on the web."""

    title: str
    url: str | None
    read_on: date


@dataclass(frozen=True)
class PublishedAnswer:
    """An answer as a reader may see it (the message's `answer` of docs/api.md), and what finds it."""

    id: str
    version: int
    topic: str
    procedures: tuple[str, ...]
    question: str
    text: str
    script: str
    note: str | None
    reviewed_on: date | None
    review_due_on: date
    sources: tuple[PublishedSource, ...]
    phrasings: tuple[str, ...]


@dataclass(frozen=True)
class Published:
    """One release. `procedure_names` and `topic_names` give the words for people; `parents` the groups."""

    release_id: int
    answers: tuple[PublishedAnswer, ...]
    procedure_names: dict[str, str]
    topic_names: dict[str, str]
    parents: dict[str, str | None]


def newest_release_id(engine: Engine) -> int | None:
    """Return the id of the release to be searched; None before the first import."""
    with Session(engine) as session:
        return session.scalar(select(models.Release.id).order_by(models.Release.id.desc()).limit(1))


def read_published(engine: Engine) -> Published:
    """Return the newest release.

    Raises:
        NothingPublished: nothing was imported yet.
    """
    with Session(engine) as session:
        release = session.scalar(
            select(models.Release)
            .order_by(models.Release.id.desc())
            .limit(1)
            .options(
                selectinload(models.Release.versions).selectinload(models.AnswerVersion.phrasings),
                selectinload(models.Release.versions).selectinload(models.AnswerVersion.sources),
            )
        )
        if release is None:
            raise NothingPublished("No knowledge is published yet. Run: make knowledge-import")
        procedures = list(session.scalars(select(models.Procedure)))
        return Published(
            release_id=release.id,
            answers=tuple(map(_answer, release.versions)),
            procedure_names={procedure.id: procedure.name for procedure in procedures},
            topic_names={topic.id: topic.name for topic in session.scalars(select(models.Topic))},
            parents={procedure.id: procedure.parent_id for procedure in procedures},
        )


def _answer(version: models.AnswerVersion) -> PublishedAnswer:
    return PublishedAnswer(
        id=version.answer_id,
        version=version.version,
        topic=version.topic_id,
        procedures=tuple(version.procedures),
        question=version.question,
        text=version.text.strip(),
        script=version.script.strip(),
        note=version.note,
        reviewed_on=version.reviewed_on,
        review_due_on=version.review_due_on,
        sources=tuple(map(_source, version.sources)),
        phrasings=tuple(phrasing.text for phrasing in version.phrasings),
    )


def _source(source: models.Source) -> PublishedSource:
    return PublishedSource(source.title, source.place if source.is_url else None, source.read_on)


def answer_sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of an answer that are long enough to mean something alone."""
    return tuple(sentence for sentence in sentences(text) if sentence.count(" ") >= 2)
