"""`python -m tests.run` ends with one verdict, and a part that is missing fails."""

import sys
from pathlib import Path

import pytest

from tests import run

Output = pytest.CaptureFixture[str]


def prints(line: str, status: int = 0) -> list[str]:
    """Return a command that stands for pytest: prints one line and ends with `status`."""
    return [sys.executable, "-S", "-c", f"print({line!r}); raise SystemExit({status})"]


@pytest.fixture
def environments(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(run, "APP", prints("312 passed, 2 skipped in 9.1s"))
    monkeypatch.setattr(run, "BOT", prints("41 passed in 20.0s"))
    monkeypatch.setattr(run, "BROWSER", prints("127 passed in 150.0s"))
    return monkeypatch


def verdict(capsys: Output) -> str:
    return capsys.readouterr().out.splitlines()[-1]


def test_all_passed_is_the_last_line(environments: pytest.MonkeyPatch, capsys: Output) -> None:
    assert run.main() == 0
    assert verdict(capsys) == ("All tests passed: 312 in .venv (2 skipped, with the reason above), 41 in .venv-bot, 127 in the browser.")


@pytest.mark.parametrize(
    "command",
    [
        prints("1 failed, 40 passed in 20.0s", 1),
        prints("41 passed, 1 error in 20.0s", 1),
        prints("no tests ran in 0.1s", 5),
        prints("3 skipped in 0.1s"),
        prints("Killed", 137),
        ["/nowhere/python"],
    ],
)
def test_part_that_fails_or_is_missing_is_named(environments: pytest.MonkeyPatch, command: list[str], capsys: Output) -> None:
    environments.setattr(run, "BOT", command)
    assert run.main() == 1
    assert verdict(capsys) == "Tests FAILED in .venv-bot."


def test_browser_may_be_missing_altogether(environments: pytest.MonkeyPatch, capsys: Output) -> None:
    environments.setattr(run, "BROWSER", prints("127 skipped in 1.0s"))
    assert run.main() == 0
    assert verdict(capsys).endswith("0 in the browser (127 skipped, with the reason above).")


def test_browser_that_fails_is_named(environments: pytest.MonkeyPatch, capsys: Output) -> None:
    environments.setattr(run, "BROWSER", prints("1 failed, 126 skipped in 20.0s", 1))
    assert run.main() == 1
    assert verdict(capsys) == "Tests FAILED in the browser."


def test_commands_name_what_exists_and_leave_nothing_out() -> None:
    for argument in (*run.APP, *run.BOT, *run.BROWSER):
        path = argument.removeprefix("--ignore=")
        assert not path.startswith("tests/") or Path(path).exists()
    assert {argument.removeprefix("--ignore=") for argument in run.APP if "test_widget_" in argument} <= set(run.BROWSER)
    assert any("test_widget_" in argument for argument in run.BROWSER)
