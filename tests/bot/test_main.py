"""The launcher, without starting Rasa."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import rasa.__main__
import yaml

from bot import __main__ as launcher
from bot import speedups


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The arguments with which Rasa was started; the environment is put back afterwards."""
    calls: list[list[str]] = []
    monkeypatch.setattr(rasa.__main__, "main", lambda: calls.append(list(sys.argv)))
    monkeypatch.setattr(speedups, "apply", lambda: calls.append(["speedups"]))
    for name in ("LOG_LEVEL", *launcher.QUIET, *launcher.DEFAULTS):
        monkeypatch.setenv(name, "x")
        monkeypatch.delenv(name)
    return calls


def test_run_listens_on_loopback_with_our_files(started: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bot", "run", "--port", "5999"])
    launcher.main()
    assert started[0] == ["speedups"]
    assert started[1] == [
        "rasa", "run", "--interface", "127.0.0.1", "--endpoints", "endpoints.yml", "--credentials", "credentials.yml", "--port", "5999",
    ]  # fmt: skip


def test_other_commands_are_passed_on_as_they_are(started: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bot", "data", "validate"])
    launcher.main()
    assert started[1] == ["rasa", "data", "validate"]


@pytest.mark.parametrize("option", ["--enable-api", "--interface", "-i", "--cors=*", "--debug", "-vv", "--auth-token", "--endpoints"])
def test_run_refuses_what_would_open_rasa(option: str, started: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bot", "run", "--port", "5999", option, "x"])
    with pytest.raises(SystemExit, match="takes --model and --port only"):
        launcher.main()
    assert started == []


@pytest.mark.parametrize(("level", "used"), [("DEBUG", "WARNING"), ("info", "WARNING"), ("", "WARNING"), ("ERROR", "ERROR")])
def test_run_logs_nothing_that_is_said(level: str, used: str, started: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", level)
    monkeypatch.setattr(sys, "argv", ["bot", "run"])
    launcher.main()
    assert os.environ["LOG_LEVEL"] == used


def test_launcher_turns_telemetry_off_and_keeps_the_settings(started: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_ACTIONS_URL", "http://127.0.0.1:1/webhook")
    monkeypatch.setattr(sys, "argv", ["bot", "train"])
    launcher.main()
    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"
    assert os.environ["FRONTDESK_ACTIONS_URL"] == "http://127.0.0.1:1/webhook"
    assert os.environ["FRONTDESK_RASA_SECRET"] == ""


def test_only_our_channel_is_enabled() -> None:
    assert list(yaml.safe_load(Path("credentials.yml").read_text(encoding="utf-8"))) == ["bot.channel.FrontdeskInput"]


def test_endpoints_name_our_store() -> None:
    endpoints = yaml.safe_load(Path("endpoints.yml").read_text(encoding="utf-8"))
    assert endpoints["tracker_store"]["type"] == "bot.tracker_store.RecentTrackerStore"
    assert endpoints["action_endpoint"]["url"] == "${FRONTDESK_ACTIONS_URL}"


def test_config_holds_the_figures_that_were_measured() -> None:
    """Source: docs/results/intents.md, written by `python -m evaluation.intents`."""
    pipeline = {each["name"]: each for each in yaml.safe_load(Path("config.yml").read_text(encoding="utf-8"))["pipeline"]}
    classifier = pipeline["bot.nlu.intent_classifier.IntentClassifier"]
    threshold = pipeline["FallbackClassifier"]["threshold"]
    chosen = f"Chosen for config.yml: C {classifier['C']:g}, temperature {classifier['temperature']:g}, threshold {threshold:g}."
    assert chosen in Path("docs/results/intents.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_launcher_prints_no_warnings() -> None:
    done = subprocess.run([sys.executable, "-m", "bot", "--version"], capture_output=True, text=True, check=True)
    assert "Warning" not in done.stdout + done.stderr
    assert "Rasa Version" in done.stdout
