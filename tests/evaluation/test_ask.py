"""`make ask` without a question, or without an assistant, is a sentence."""

import json
from collections.abc import Callable

import httpx
import pytest

from evaluation import ask
from evaluation.assistant import Assistant, AssistantUnreachable

Output = pytest.CaptureFixture[str]
Respond = Callable[[httpx.Response | Exception], None]


@pytest.fixture
def respond(monkeypatch: pytest.MonkeyPatch) -> Respond:
    """Give a function that says what comes back for every message."""

    def prepare(outcome: httpx.Response | Exception) -> None:
        def post(*_: object, **__: object) -> httpx.Response:
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(httpx, "post", post)

    return prepare


def test_reply_is_printed_as_json(respond: Respond, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    respond(httpx.Response(200, json={"messages": [{"kind": "answer", "text": "Wörter"}]}))
    monkeypatch.setattr("sys.argv", ["ask", "how", "long"])
    assert ask.main() == 0
    assert json.loads(printed := capsys.readouterr().out) == [{"kind": "answer", "text": "Wörter"}]
    assert "Wörter" in printed


@pytest.mark.parametrize("question", ["", "   ", "\u200b"])
def test_empty_question_is_a_sentence(question: str, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setattr("sys.argv", ["ask", question])
    assert ask.main() == 1
    assert "make ask Q=" in capsys.readouterr().err


def test_missing_assistant_is_a_sentence(respond: Respond, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    respond(httpx.ConnectError("refused"))
    monkeypatch.setattr("sys.argv", ["ask", "how long"])
    assert ask.main() == 1
    assert "Start it with: make run" in capsys.readouterr().err


@pytest.mark.parametrize(("status", "says"), [(422, "1 to 1,000 characters"), (500, "failed \\(500\\)"), (403, "failed \\(403\\)")])
def test_refusal_is_an_error(respond: Respond, status: int, says: str) -> None:
    respond(httpx.Response(status))
    with pytest.raises(AssistantUnreachable, match=says):
        Assistant("http://127.0.0.1:1", "secret").say("how long")


def test_each_conversation_has_an_id_of_its_own() -> None:
    first, second = (Assistant("http://127.0.0.1:1", "secret").conversation_id for _ in range(2))
    assert first != second
    assert len(first) >= 22
