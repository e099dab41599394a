"""The action server's surface: failures are errors, and say nothing of the conversation."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from actions.clinic import read_clinic
from actions.errors import ClinicInvalid, WordingInvalid
from actions.server import create_app
from actions.settings import ActionSettings
from actions.wording import read_wording
from database.engine import open_database
from database.errors import SchemaOutdated
from database.migrate import upgrade
from knowledge.checks import read_checked
from knowledge.errors import NothingPublished
from knowledge.importing import import_content
from tests.knowledge_files import MakeKnowledge

CALL = {
    "next_action": "action_repeat",
    "sender_id": "someone",
    "tracker": {"sender_id": "someone", "slots": {}, "latest_message": {"text": "MARKED TEXT"}, "events": None, "paused": False},
}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ActionSettings:
    monkeypatch.setenv("FRONTDESK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FRONTDESK_ENCODER", "int8")  # not built in this cache: search on words
    return ActionSettings(database_url=f"sqlite:///{tmp_path / 'frontdesk.db'}")


@pytest.fixture
def client(settings: ActionSettings, make_knowledge: MakeKnowledge) -> Iterator[TestClient]:
    engine = open_database(settings.database_url)
    upgrade(engine)
    import_content(engine, read_checked(make_knowledge()))
    with TestClient(create_app(settings)) as client:
        yield client


def test_action_runs(client: TestClient) -> None:
    assert client.post("/webhook", json=CALL).json()["responses"][0]["text"].startswith("I have not given")


def test_readiness_warns_when_the_encoder_is_missing(client: TestClient) -> None:
    body = client.get("/ready").json()
    assert (body["status"], body["vectors"]) == ("ready", False)
    assert "words alone" in body["warnings"][0]


def test_unknown_action_is_not_found(client: TestClient) -> None:
    assert client.post("/webhook", json=CALL | {"next_action": "action_dump"}).status_code == 404


def test_failing_action_says_nothing_of_the_conversation(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("actions.action_repeat.recall", lambda tracker: 1 / 0)
    with caplog.at_level(logging.DEBUG):
        response = client.post("/webhook", json=CALL)
    assert response.status_code == 500
    assert "MARKED TEXT" not in response.text + caplog.text


def test_unprepared_database_refuses_to_start(settings: ActionSettings) -> None:
    with pytest.raises(SchemaOutdated, match="make migrate"), TestClient(create_app(settings)):
        pass


def test_empty_database_refuses_to_start(settings: ActionSettings) -> None:
    upgrade(open_database(settings.database_url))
    with pytest.raises(NothingPublished, match="make knowledge-import"), TestClient(create_app(settings)):
        pass


@pytest.mark.parametrize("content", ["", "name: only", "[broken"])
def test_broken_clinic_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "clinic.yml").write_text(content)
    with pytest.raises(ClinicInvalid, match="docs/configuration.md"):
        read_clinic(tmp_path / "clinic.yml")


@pytest.mark.parametrize("content", ["", "greet: {kind: x}", "[broken"])
def test_broken_replies_are_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "replies.yml").write_text(content)
    with pytest.raises(WordingInvalid):
        read_wording(tmp_path / "replies.yml")
