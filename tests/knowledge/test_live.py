"""A new release is taken up without a restart."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.building import Materials, read_materials
from knowledge.checks import read_checked
from knowledge.errors import ModelUnusable, NothingPublished
from knowledge.importing import import_content
from knowledge.live import LiveSearch
from knowledge.ranking import read_model
from tests.conftest import MakeKnowledge, answer_file


@pytest.fixture(scope="module")
def materials() -> Materials:
    return read_materials(Path("data"), use_vectors=False)


def test_new_release_is_taken_up(engine: Engine, make_knowledge: MakeKnowledge, materials: Materials) -> None:
    import_content(engine, read_checked(make_knowledge()))
    live = LiveSearch(engine, materials)
    old = live.current
    import_content(engine, read_checked(make_knowledge(answer_file(text="It may take three weeks."))))
    assert live.refresh()
    answer = live.current.answer("recovery/general")
    assert answer is not None
    assert answer.text == "It may take three weeks."
    assert old.answer("recovery/general") is not None  # a question in flight keeps its release


def test_same_release_is_left(engine: Engine, make_knowledge: MakeKnowledge, materials: Materials) -> None:
    import_content(engine, read_checked(make_knowledge()))
    live = LiveSearch(engine, materials)
    before = live.current
    assert not live.refresh()
    assert live.current is before


def test_following_ends_when_told(engine: Engine, make_knowledge: MakeKnowledge, materials: Materials) -> None:
    import_content(engine, read_checked(make_knowledge()))
    live = LiveSearch(engine, materials)
    live.start()
    live.stop()
    assert not live._thread.is_alive()


def test_nothing_published_is_an_error(engine: Engine, materials: Materials) -> None:
    with pytest.raises(NothingPublished):
        LiveSearch(engine, materials)


def test_model_for_other_features_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ranking.json"
    path.write_text('{"weights": {"other": 1.0}}')
    with pytest.raises(ModelUnusable, match="make fit"):
        read_model(path)
