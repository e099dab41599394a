"""What an import does to the tables, on SQLite and PostgreSQL."""

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from knowledge import models
from knowledge.checks import read_checked
from knowledge.errors import ContentInvalid, NothingPublished
from knowledge.importing import Imported, import_content
from knowledge.published import newest_release_id, read_published
from tests.knowledge_files import GRACILIS, PHRASINGS, MakeKnowledge, answer_file


def publish(engine: Engine, make_knowledge: MakeKnowledge, *answers: dict[str, object]) -> Imported:
    return import_content(engine, read_checked(make_knowledge(*answers)))


def count(engine: Engine, model: type[models.Base]) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_first_import_publishes_everything(engine: Engine, make_knowledge: MakeKnowledge) -> None:
    imported = publish(engine, make_knowledge, answer_file(), GRACILIS)
    assert imported.added == ("recovery/general", "recovery/gracilis")
    [general, gracilis] = read_published(engine).answers
    assert (general.version, gracilis.procedures, len(general.phrasings)) == (1, ("gracilis",), 10)
    assert general.sources[0].url == "https://example.org/page"


def test_second_import_changes_nothing(engine: Engine, make_knowledge: MakeKnowledge) -> None:
    first = publish(engine, make_knowledge)
    before = count(engine, models.AnswerVersion), count(engine, models.Phrasing), count(engine, models.Source)
    again = publish(engine, make_knowledge)
    assert again == Imported((), (), (), first.release_id)
    assert before == (count(engine, models.AnswerVersion), count(engine, models.Phrasing), count(engine, models.Source))


def test_changed_answer_gets_a_new_version(engine: Engine, make_knowledge: MakeKnowledge) -> None:
    publish(engine, make_knowledge)
    imported = publish(engine, make_knowledge, answer_file(text="It may take three weeks."))
    assert imported.changed == ("recovery/general",)
    [answer] = read_published(engine).answers
    assert (answer.version, answer.text) == (2, "It may take three weeks.")


def test_changed_phrasing_gets_a_new_version(engine: Engine, make_knowledge: MakeKnowledge) -> None:
    publish(engine, make_knowledge)
    assert publish(engine, make_knowledge, answer_file(phrasings=[*PHRASINGS, "one more way"])).changed


def test_old_version_keeps_its_words(engine: Engine, make_knowledge: MakeKnowledge) -> None:
    publish(engine, make_knowledge)
    publish(engine, make_knowledge, answer_file(text="It may take three weeks."))
    with Session(engine) as session:
        texts = list(session.scalars(select(models.AnswerVersion.text).order_by(models.AnswerVersion.version)))
    assert texts[0].startswith("It may take two to three weeks.")


def test_removed_answer_is_retired_and_not_deleted(engine: Engine, make_knowledge: MakeKnowledge) -> None:
    publish(engine, make_knowledge, answer_file(), GRACILIS)
    assert publish(engine, make_knowledge).retired == ("recovery/gracilis",)
    assert [answer.id for answer in read_published(engine).answers] == ["recovery/general"]
    with Session(engine) as session:
        retired = session.get_one(models.Answer, "recovery/gracilis")
        assert retired.retired_at is not None
        assert len(retired.versions) == 1


def test_retired_answer_comes_back_as_a_new_version(engine: Engine, make_knowledge: MakeKnowledge) -> None:
    publish(engine, make_knowledge, answer_file(), GRACILIS)
    publish(engine, make_knowledge)
    assert publish(engine, make_knowledge, answer_file(), GRACILIS).added == ("recovery/gracilis",)
    assert {answer.id: answer.version for answer in read_published(engine).answers}["recovery/gracilis"] == 2


def test_bad_file_imports_nothing(engine: Engine, make_knowledge: MakeKnowledge) -> None:
    publish(engine, make_knowledge)
    before = newest_release_id(engine)
    with pytest.raises(ContentInvalid):
        publish(engine, make_knowledge, answer_file(text="It may take three weeks."), answer_file(id="recovery/bad", facts=["99"]))
    assert newest_release_id(engine) == before
    assert read_published(engine).answers[0].version == 1


def test_failure_in_the_middle_leaves_nothing(engine: Engine, make_knowledge: MakeKnowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    content = read_checked(make_knowledge())
    monkeypatch.setattr("knowledge.importing._publish", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        import_content(engine, content)
    assert count(engine, models.Answer) == 0


def test_empty_database_has_nothing_published(engine: Engine) -> None:
    assert newest_release_id(engine) is None
    with pytest.raises(NothingPublished, match="make knowledge-import"):
        read_published(engine)
