"""The tables of the knowledge base. None of them holds personal data; who has reviewed an answer is published with it.

An answer's wording lives in versions that never change; a release says which versions are published together.
"""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database.base import PLAIN, Base, UtcDateTime, now


class Topic(Base):
    """What a patient can ask about."""

    __tablename__ = "topics"

    id: Mapped[str] = mapped_column(String(64), primary_key=True, info=PLAIN)
    name: Mapped[str] = mapped_column(String(300), info=PLAIN)
    terms: Mapped[list[str]] = mapped_column(JSON, info=PLAIN)


class Procedure(Base):
    """An operation or treatment."""

    __tablename__ = "procedures"

    id: Mapped[str] = mapped_column(String(64), primary_key=True, info=PLAIN)
    name: Mapped[str] = mapped_column(String(300), info=PLAIN)
    kind: Mapped[str] = mapped_column(String(32), info=PLAIN)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("procedures.id"), info=PLAIN)
    terms: Mapped[list[str]] = mapped_column(JSON, info=PLAIN)
    not_to_confuse_with: Mapped[list[str]] = mapped_column(JSON, info=PLAIN)


class Source(Base):
    """A page or document that a version rests on."""

    __tablename__ = "sources"
    __table_args__ = (UniqueConstraint("title", "place", "read_on"),)

    id: Mapped[int] = mapped_column(primary_key=True, info=PLAIN)
    title: Mapped[str] = mapped_column(String(300), info=PLAIN)
    place: Mapped[str] = mapped_column(Text, comment="address of a page, or name of a document", info=PLAIN)
    is_url: Mapped[bool] = mapped_column(info=PLAIN)
    read_on: Mapped[date] = mapped_column(info=PLAIN)


class Answer(Base):
    """An answer over all its versions. Retired ones stay, since messages refer to them."""

    __tablename__ = "answers"

    id: Mapped[str] = mapped_column(String(128), primary_key=True, info=PLAIN)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topics.id"), info=PLAIN)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=PLAIN)
    versions: Mapped[list["AnswerVersion"]] = relationship(back_populates="answer", order_by="AnswerVersion.version")


class AnswerVersion(Base):
    """One wording of an answer, with everything that the reader was shown. Never changed, never deleted."""

    __tablename__ = "answer_versions"
    __table_args__ = (UniqueConstraint("answer_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True, info=PLAIN)
    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id"), info=PLAIN)
    version: Mapped[int] = mapped_column(comment="counts from 1 for each answer", info=PLAIN)
    fingerprint: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the content, to see changes", info=PLAIN)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topics.id"), info=PLAIN)
    procedures: Mapped[list[str]] = mapped_column(JSON, info=PLAIN)
    question: Mapped[str] = mapped_column(String(300), info=PLAIN)
    text: Mapped[str] = mapped_column(Text, info=PLAIN)
    script: Mapped[str] = mapped_column(Text, info=PLAIN)
    note: Mapped[str | None] = mapped_column(Text, info=PLAIN)
    facts: Mapped[list[str]] = mapped_column(JSON, info=PLAIN)
    reviewed_by: Mapped[str | None] = mapped_column(String(300), info=PLAIN)
    reviewed_on: Mapped[date | None] = mapped_column(info=PLAIN)
    review_due_on: Mapped[date] = mapped_column(info=PLAIN)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, info=PLAIN)
    answer: Mapped[Answer] = relationship(back_populates="versions")
    phrasings: Mapped[list["Phrasing"]] = relationship(order_by="Phrasing.id")
    sources: Mapped[list[Source]] = relationship(secondary="answer_version_sources", order_by="Source.id")


class Phrasing(Base):
    """One way in which patients ask for an answer."""

    __tablename__ = "phrasings"
    __table_args__ = (Index("ix_phrasings_answer_version_id", "answer_version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, info=PLAIN)
    answer_version_id: Mapped[int] = mapped_column(ForeignKey("answer_versions.id"), info=PLAIN)
    text: Mapped[str] = mapped_column(String(300), info=PLAIN)


class AnswerVersionSource(Base):
    """Which sources a version rests on."""

    __tablename__ = "answer_version_sources"

    answer_version_id: Mapped[int] = mapped_column(ForeignKey("answer_versions.id"), primary_key=True, info=PLAIN)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), primary_key=True, info=PLAIN)


class Release(Base):
    """A set of versions that is published together; the newest one is searched."""

    __tablename__ = "releases"

    id: Mapped[int] = mapped_column(primary_key=True, info=PLAIN)
    fingerprint: Mapped[str] = mapped_column(String(64), info=PLAIN)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, info=PLAIN)
    versions: Mapped[list[AnswerVersion]] = relationship(secondary="release_versions", order_by="AnswerVersion.answer_id")


class ReleaseVersion(Base):
    """Which versions a release holds."""

    __tablename__ = "release_versions"

    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"), primary_key=True, info=PLAIN)
    answer_version_id: Mapped[int] = mapped_column(ForeignKey("answer_versions.id"), primary_key=True, info=PLAIN)
