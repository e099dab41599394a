"""The tables of the knowledge base. None of them holds personal data.

An answer's wording lives in versions that never change; a release says which versions are published together.
"""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database.base import Base, UtcDateTime, now


class Topic(Base):
    """What a patient can ask about."""

    __tablename__ = "topics"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    terms: Mapped[list[str]] = mapped_column(JSON)


class Procedure(Base):
    """An operation or treatment."""

    __tablename__ = "procedures"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(32))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("procedures.id"))
    terms: Mapped[list[str]] = mapped_column(JSON)
    not_to_confuse_with: Mapped[list[str]] = mapped_column(JSON)


class Source(Base):
    """A page or document that a version rests on."""

    __tablename__ = "sources"
    __table_args__ = (UniqueConstraint("title", "place", "read_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    place: Mapped[str] = mapped_column(Text, comment="address of a page, or name of a document")
    is_url: Mapped[bool]
    read_on: Mapped[date]


class Answer(Base):
    """An answer over all its versions. Retired ones stay, since messages refer to them."""

    __tablename__ = "answers"

    id: Mapped[str] = mapped_column(String(128), primary_key=True)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topics.id"))
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    versions: Mapped[list["AnswerVersion"]] = relationship(back_populates="answer", order_by="AnswerVersion.version")


class AnswerVersion(Base):
    """One wording of an answer, with everything that the reader was shown. Never changed, never deleted."""

    __tablename__ = "answer_versions"
    __table_args__ = (UniqueConstraint("answer_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id"))
    version: Mapped[int] = mapped_column(comment="counts from 1 for each answer")
    fingerprint: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the content, to see changes")
    topic_id: Mapped[str] = mapped_column(ForeignKey("topics.id"))
    procedures: Mapped[list[str]] = mapped_column(JSON)
    question: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    script: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[list[str]] = mapped_column(JSON)
    reviewed_by: Mapped[str | None] = mapped_column(String(300))
    reviewed_on: Mapped[date | None]
    review_due_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    answer: Mapped[Answer] = relationship(back_populates="versions")
    phrasings: Mapped[list["Phrasing"]] = relationship(order_by="Phrasing.id")
    sources: Mapped[list[Source]] = relationship(secondary="answer_version_sources", order_by="Source.id")


class Phrasing(Base):
    """One way in which patients ask for an answer."""

    __tablename__ = "phrasings"
    __table_args__ = (Index("ix_phrasings_answer_version_id", "answer_version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_version_id: Mapped[int] = mapped_column(ForeignKey("answer_versions.id"))
    text: Mapped[str] = mapped_column(String(300))


class AnswerVersionSource(Base):
    """Which sources a version rests on."""

    __tablename__ = "answer_version_sources"

    answer_version_id: Mapped[int] = mapped_column(ForeignKey("answer_versions.id"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), primary_key=True)


class Release(Base):
    """A set of versions that is published together; the newest one is searched."""

    __tablename__ = "releases"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    versions: Mapped[list[AnswerVersion]] = relationship(secondary="release_versions", order_by="AnswerVersion.answer_id")


class ReleaseVersion(Base):
    """Which versions a release holds."""

    __tablename__ = "release_versions"

    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"), primary_key=True)
    answer_version_id: Mapped[int] = mapped_column(ForeignKey("answer_versions.id"), primary_key=True)
