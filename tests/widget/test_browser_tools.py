"""What the browser tests need is installed where the machine allows it, and the reason is said where it does not."""

from pathlib import Path

import pytest

from tools import browser_tools


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with nothing on it: an empty folder for its programs."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(browser_tools, "INSTALLED", tmp_path / "node_modules" / ".package-lock.json")
    return programs


def program(machine: Path, name: str, line: str) -> None:
    (machine / name).write_text(f"#!/bin/sh\n{line}\n")
    (machine / name).chmod(0o755)


def test_machine_without_npm_and_apt_says_what_is_left_out(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert browser_tools.main([]) == 0
    said = capsys.readouterr().out
    assert "No npm on this machine" in said
    assert "No Chromium on this machine" in said


def test_npm_that_fails_is_said_and_does_not_fail_the_run(machine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program(machine, "npm", "exit 1")

    assert browser_tools.main(["--npm-only"]) == 0
    assert "npm ci did not work" in capsys.readouterr().out


def test_npm_runs_once_for_a_lock(machine: Path, tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()
    program(machine, "npm", f'echo "$@" >> {tmp_path}/calls')

    assert [browser_tools.install_npm_tools() for _ in range(2)] == ["", ""]
    assert (tmp_path / "calls").read_text() == "ci --silent\n"


def test_chromium_is_installed_by_root_after_an_update(machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    program(machine, "apt-get", f'echo "$1" >> {tmp_path}/calls; test "$1" = update || test $(wc -l < {tmp_path}/calls) = 3')
    for name in ("wc", "test"):
        (machine / name).symlink_to(f"/usr/bin/{name}")

    assert browser_tools.install_chromium() == ""
    assert (tmp_path / "calls").read_text().split() == ["install", "update", "install"]


def test_chromium_that_is_there_is_found(machine: Path) -> None:
    assert browser_tools.find_chromium() is None
    program(machine, "google-chrome", "")
    assert browser_tools.find_chromium() == str(machine / "google-chrome")
    assert browser_tools.install_chromium() == ""
