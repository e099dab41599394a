"""Rasa's own checks: `rasa data validate`, and `rasa test core` on the stories beside this file."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.slow

STORIES = Path(__file__).parent
MODEL = Path("models/frontdesk.tar.gz")
COMPLAINT = re.compile(r"warning|error|traceback", re.IGNORECASE)


def rasa(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", "bot", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"OMP_NUM_THREADS": "1"})


def test_rasa_data_validate_finds_nothing() -> None:
    done = rasa("data", "validate")
    printed = done.stdout + done.stderr
    assert done.returncode == 0, printed
    assert not [line for line in printed.splitlines() if COMPLAINT.search(line)]
    assert "No story structure conflicts found" in printed


def test_rasa_data_validate_finds_a_fault(tmp_path: Path) -> None:
    """Without this, the test above would pass too if Rasa looked at nothing."""
    faulty = tmp_path / "rules.yml"
    faulty.write_text('version: "3.1"\nrules:\n- rule: broken\n  steps:\n  - intent: ask_nothing\n  - action: utter_nothing\n')
    done = rasa("data", "validate", "--data", str(tmp_path), "--fail-on-warnings")
    assert done.returncode != 0
    assert "utter_nothing" in done.stdout + done.stderr


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """What `rasa test core` wrote, and what it printed."""
    assert MODEL.exists(), "There is no trained model. Run: make train"
    folder = tmp_path_factory.mktemp("results")
    done = rasa("test", "core", "--model", str(MODEL), "--stories", str(STORIES), "--out", str(folder), "--no-plot", "--e2e")
    assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
    return folder, done.stdout + done.stderr


def test_stories_pass(results: tuple[Path, str]) -> None:
    folder, printed = results
    failed = folder / "failed_test_stories.yml"
    wrong = [line for line in failed.read_text(encoding="utf-8").splitlines() if "#" in line] if failed.exists() else [printed]
    assert [line for line in wrong if "predicted" in line] == [], failed.read_text(encoding="utf-8")
    report = json.loads((folder / "story_report.json").read_text(encoding="utf-8"))
    assert report["conversation_accuracy"]["accuracy"] == 1.0


def test_every_story_was_run(results: tuple[Path, str]) -> None:
    folder, _ = results
    written = [story["story"] for file in STORIES.glob("test_*.yml") for story in yaml.safe_load(file.read_text())["stories"]]
    report = json.loads((folder / "story_report.json").read_text(encoding="utf-8"))
    assert report["conversation_accuracy"]["total"] == len(written) == len(set(written)) >= 17
