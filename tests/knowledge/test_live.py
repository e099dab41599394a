"""A new release is taken up without a restart."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from knowledge import live
from knowledge.checks import read_checked
from knowledge.errors import NothingPublished
from knowledge.importing import import_content
from knowledge.live import LiveSearch
from tests.knowledge.hand_made import hand_made_materials
from tests.knowledge_files import GRACILIS, MakeKnowledge, answer_file

pytestmark = pytest.mark.slow

NEW_TEXT = "It may take three weeks."
PATIENCE_SECONDS = 20


@pytest.fixture
def published(engine: Engine, make_knowledge: MakeKnowledge) -> Engine:
    import_content(engine, read_checked(make_knowledge(answer_file(), GRACILIS)))
    return engine


def publish_new_text(engine: Engine, make_knowledge: MakeKnowledge) -> None:
    import_content(engine, read_checked(make_knowledge(answer_file(text=NEW_TEXT), GRACILIS)))


def text_of(search: LiveSearch) -> str:
    answer = search.current.answer("recovery/general")
    assert answer is not None
    return answer.text


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_new_release_is_taken_up(published: Engine, make_knowledge: MakeKnowledge) -> None:
    search = LiveSearch(published, hand_made_materials())
    in_flight = search.current
    publish_new_text(published, make_knowledge)
    assert search.refresh()
    assert text_of(search) == NEW_TEXT
    kept = in_flight.answer("recovery/general")  # a question in flight keeps its release
    assert kept is not None
    assert kept.text != NEW_TEXT


def test_same_release_is_left(published: Engine) -> None:
    search = LiveSearch(published, hand_made_materials())
    before = search.current
    assert not search.refresh()
    assert search.current is before


def test_releases_are_followed_through_failures(
    published: Engine, make_knowledge: MakeKnowledge, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(live, "POLL_SECONDS", 0.01)
    failures = iter([ValueError("a text"), ZeroDivisionError("a text")])
    build = live.build_search

    def build_at_last(*arguments: object) -> object:
        for failure in failures:
            raise failure
        return build(*arguments)  # type: ignore[arg-type]

    search = LiveSearch(published, hand_made_materials())
    monkeypatch.setattr(live, "build_search", build_at_last)
    search.start()
    publish_new_text(published, make_knowledge)
    wait_until(lambda: text_of(search) == NEW_TEXT)
    search.stop()
    assert "the old one stays: ValueError" in caplog.text


def test_following_ends_when_told(published: Engine) -> None:
    search = LiveSearch(published, hand_made_materials())
    search.start()
    search.stop()
    assert not search._thread.is_alive()


def test_nothing_published_is_an_error(engine: Engine) -> None:
    with pytest.raises(NothingPublished, match="make knowledge-import"):
        LiveSearch(engine, hand_made_materials())
