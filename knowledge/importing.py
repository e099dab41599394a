"""Brings the knowledge files into the database and publishes them as a release."""

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from database.base import now
from database.engine import transaction
from knowledge import content, models


@dataclass(frozen=True)
class Imported:
    """What an import changed.

    Attributes:
        added, changed, retired: ids of answers. All empty, and `release_id` the old one, when nothing changed.
        release_id: the published release.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]
    release_id: int


def import_content(engine: Engine, checked: content.Content) -> Imported:
    """Commit `checked` to the database in one transaction: all of it, or nothing.

    A changed answer gets a new version, a removed one is retired, and a release publishes the result.
    The same content again changes nothing.
    """
    with transaction(engine) as session:
        _write_topics_and_procedures(session, checked)
        return _write_answers(session, checked)


def _write_topics_and_procedures(session: Session, checked: content.Content) -> None:
    for topic in checked.topics:
        session.merge(models.Topic(**_columns(topic)))
    parents_first = sorted(checked.procedures, key=lambda procedure: procedure.parent is not None)
    for procedure in parents_first:
        session.merge(models.Procedure(parent_id=None, **_columns(procedure, without={"parent"})))
    session.flush()
    for procedure in checked.procedures:
        session.merge(models.Procedure(id=procedure.id, parent_id=procedure.parent))
    session.flush()


def _columns(entry: content.Topic | content.Procedure, without: set[str] | None = None) -> dict[str, object]:
    return entry.model_dump(mode="json", exclude=without or set())


def _write_answers(session: Session, checked: content.Content) -> Imported:
    known = {answer.id: answer for answer in session.scalars(select(models.Answer))}
    current = _current_versions(session)
    added: list[str] = []
    changed: list[str] = []
    versions: list[models.AnswerVersion] = []
    for answer in checked.answers:
        newest = current.get(answer.id)
        if newest is None or newest.fingerprint != fingerprint(answer):
            (changed if newest else added).append(answer.id)
            newest = _add_version(session, answer, known.get(answer.id))
        versions.append(newest)
    retired = _retire(known, {answer.id for answer in checked.answers})
    release = _publish(session, versions)
    return Imported(tuple(added), tuple(changed), tuple(retired), release.id)


def _current_versions(session: Session) -> dict[str, models.AnswerVersion]:
    """The newest version of each answer that is not retired."""
    rows = session.scalars(
        select(models.AnswerVersion)
        .join(models.Answer, models.AnswerVersion.answer_id == models.Answer.id)
        .where(models.Answer.retired_at.is_(None))
        .order_by(models.AnswerVersion.version)
    )
    return {version.answer_id: version for version in rows}


def fingerprint(answer: content.Answer) -> str:
    """Return the SHA-256 of all that a version holds, phrasings included."""
    written = answer.written.model_dump(mode="json") | {"phrasings": answer.phrasings}
    return hashlib.sha256(json.dumps(written, sort_keys=True).encode()).hexdigest()


def _add_version(session: Session, answer: content.Answer, row: models.Answer | None) -> models.AnswerVersion:
    written = answer.written
    if row is None:
        row = models.Answer(id=answer.id, topic_id=written.topic)
        session.add(row)
    row.topic_id, row.retired_at = written.topic, None
    version = models.AnswerVersion(
        version=len(row.versions) + 1,
        fingerprint=fingerprint(answer),
        topic_id=written.topic,
        procedures=list(written.procedures),
        facts=list(written.facts),
        phrasings=[models.Phrasing(text=phrasing) for phrasing in answer.phrasings],
        sources=[_source(session, source) for source in written.sources],
        **written.model_dump(include={"question", "text", "script", "note", "reviewed_by", "reviewed_on", "review_due_on"}),
    )
    row.versions.append(version)
    session.flush()
    return version


def _source(session: Session, source: content.Source) -> models.Source:
    place = source.url or source.document or ""
    same = select(models.Source).filter_by(title=source.title, place=place, read_on=source.read_on)
    found = session.scalar(same)
    if found is None:
        found = models.Source(title=source.title, place=place, is_url=source.url is not None, read_on=source.read_on)
        session.add(found)
        session.flush()
    return found


def _retire(known: dict[str, models.Answer], kept: set[str]) -> list[str]:
    gone = [answer for answer in known.values() if answer.id not in kept and answer.retired_at is None]
    for answer in gone:
        answer.retired_at = now()
    return [answer.id for answer in gone]


def _publish(session: Session, versions: list[models.AnswerVersion]) -> models.Release:
    """Return the newest release if it holds just these versions, else a new one."""
    marks = sorted(f"{version.answer_id}@{version.version}" for version in versions)
    wanted = hashlib.sha256("\n".join(marks).encode()).hexdigest()
    newest = session.scalar(select(models.Release).order_by(models.Release.id.desc()).limit(1))
    if newest is not None and newest.fingerprint == wanted:
        return newest
    release = models.Release(fingerprint=wanted, versions=versions)
    session.add(release)
    session.flush()
    return release
