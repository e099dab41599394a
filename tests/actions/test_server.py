"""The action server's surface: failures are errors, and say nothing of the conversation."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from rasa_sdk.interfaces import ActionExecutionRejection

from actions import server
from actions.__main__ import main
from actions.server import create_app
from actions.settings import ActionSettings
from database.engine import open_database
from database.errors import SchemaOutdated
from database.migrate import upgrade
from knowledge.checks import read_checked
from knowledge.errors import NothingPublished
from knowledge.importing import import_content
from tests.fakes import FakeLiveSearch
from tests.knowledge.hand_made import hand_made_search
from tests.knowledge_files import GRACILIS, MakeKnowledge, answer_file

MARKED = "MARKED TEXT"
TRACKER = {"sender_id": "someone", "slots": {"note": MARKED}, "latest_message": {"text": MARKED}, "events": []}
CALL: dict[str, Any] = {"next_action": "action_repeat", "sender_id": "someone", "tracker": TRACKER}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ActionSettings:
    monkeypatch.setenv("FRONTDESK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FRONTDESK_ENCODER", "int8")  # not built in this cache: search on words
    return ActionSettings(database_url=f"sqlite:///{tmp_path / 'frontdesk.db'}")


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> FakeLiveSearch:
    live = FakeLiveSearch(hand_made_search())
    monkeypatch.setattr(server, "open_search", lambda settings: live)
    return live


@pytest.fixture
def client(live: FakeLiveSearch, settings: ActionSettings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


def test_action_runs(client: TestClient) -> None:
    body = client.post("/webhook", json=CALL).json()
    assert set(body) == {"events", "responses"}
    assert body["responses"][0]["text"].startswith("I have not given")


def test_releases_are_followed_while_the_app_runs(live: FakeLiveSearch, settings: ActionSettings) -> None:
    with TestClient(create_app(settings)):
        assert live.calls == ["start"]
    assert live.calls == ["start", "stop"]


def test_readiness_names_release_and_warnings(client: TestClient) -> None:
    body = client.get("/ready").json()
    assert (body["status"], body["release"], body["vectors"]) == ("ready", 1, False)
    assert "words alone" in body["warnings"][0]


def test_unknown_action_is_not_found(client: TestClient) -> None:
    response = client.post("/webhook", json=CALL | {"next_action": "action_dump"})
    assert (response.status_code, response.json()) == (404, {"error": "unknown action", "action_name": "action_dump"})


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b"{}", b'{"next_action": "action_repeat"}', b'{"tracker": {}}', b"\xff"])
def test_call_that_is_none_is_refused(client: TestClient, body: bytes) -> None:
    assert client.post("/webhook", content=body).status_code == 400


@pytest.mark.parametrize("call", [CALL | {"next_action": ""}, CALL | {"next_action": ["a"]}, CALL | {"tracker": []}])
def test_call_of_a_wrong_type_is_refused(client: TestClient, call: dict[str, Any]) -> None:
    assert client.post("/webhook", json=call).status_code == 400


def test_failing_action_says_nothing_of_the_conversation(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(tracker: Any) -> None:
        raise ValueError(f"cannot read {tracker.latest_message['text']}")

    monkeypatch.setattr("actions.action_repeat.recall", fail)
    with caplog.at_level(logging.DEBUG):
        response = client.post("/webhook", json=CALL)
    assert (response.status_code, response.json()) == (500, {"error": "failed", "action_name": "action_repeat"})
    printed = capsys.readouterr()
    assert MARKED not in response.text + caplog.text + printed.out + printed.err
    assert "ValueError" in caplog.text
    assert "action_repeat.py" in caplog.text


def test_rejecting_action_is_a_failing_one(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: told of a rejection inside a form, Rasa asked again without end."""

    def reject(tracker: Any) -> None:
        raise ActionExecutionRejection("action_repeat")

    monkeypatch.setattr("actions.action_repeat.recall", reject)
    assert client.post("/webhook", json=CALL).status_code == 500


def test_running_action_logs_nothing_of_the_conversation(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.post("/webhook", json=CALL | {"next_action": "action_answer_question"})
    assert MARKED not in caplog.text


def test_unprepared_database_refuses_to_start(settings: ActionSettings) -> None:
    with pytest.raises(SchemaOutdated, match="make migrate"):
        create_app(settings)


@pytest.mark.slow
def test_empty_database_refuses_to_start(settings: ActionSettings) -> None:
    upgrade(open_database(settings.database_url))
    with pytest.raises(NothingPublished, match="make knowledge-import"):
        create_app(settings)


@pytest.mark.slow
def test_real_search_is_opened_and_followed(settings: ActionSettings, make_knowledge: MakeKnowledge) -> None:
    engine = open_database(settings.database_url)
    upgrade(engine)
    import_content(engine, read_checked(make_knowledge(answer_file(), GRACILIS)))
    with TestClient(create_app(settings)) as client:
        assert client.get("/ready").json()["vectors"] is False
        assert client.post("/webhook", json=CALL).status_code == 200


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("FRONTDESK_ACTIONS_PORT", "no", "docs/configuration.md"),
        ("FRONTDESK_DATABASE_URL", "nonsense", "Check FRONTDESK_DATABASE_URL"),
        ("FRONTDESK_DATABASE_URL", "sqlite:////tmp", "Check FRONTDESK_DATABASE_URL"),
    ],
)
def test_what_hinders_the_start_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    assert main() == 1
    printed = capsys.readouterr().err
    assert says in printed
    assert "Traceback" not in printed
