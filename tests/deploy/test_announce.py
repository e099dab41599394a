"""The start waits for every process, and says which one is missing."""

import httpx
import pytest

from deploy import announce

Output = pytest.CaptureFixture[str]


def answer_at(monkeypatch: pytest.MonkeyPatch, *ready: str) -> None:
    """Let those addresses answer that hold one of the words `ready`."""

    def get(address: str, **_: object) -> httpx.Response:
        if any(word in address for word in ready):
            return httpx.Response(200)
        raise httpx.ConnectError("refused")

    monkeypatch.setattr(httpx, "get", get)
    monkeypatch.setattr(announce, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def test_all_ready_says_where_to_go(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    answer_at(monkeypatch, "http")
    assert announce.main() == 0
    printed = capsys.readouterr().out
    assert "Frontdesk is ready" in printed
    assert "make ask" in printed


def test_missing_process_is_named(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    answer_at(monkeypatch, "/api/health", "/ready")
    assert announce.main() == 1
    assert "Rasa is not ready" in capsys.readouterr().out
