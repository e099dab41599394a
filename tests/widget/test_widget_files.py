"""The widget's files keep to their budget and their types."""

import shutil
import subprocess
from pathlib import Path

import pytest

from gateway.widget_script import FOLDER
from tools import widget_size

ROOT = Path(__file__).parents[2]
TSC = ROOT / "node_modules" / ".bin" / "tsc"


def test_widget_is_within_its_budget() -> None:
    assert widget_size.main([]) == 0


def test_budget_is_refused_when_it_is_exceeded() -> None:
    assert widget_size.main(["--limit", "1000"]) == 1


def test_widget_never_makes_markup_from_text() -> None:
    source = "\n".join(file.read_text() for file in FOLDER.glob("*.js"))

    for word in ("innerHTML =", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", '"style", '):
        assert word not in source


@pytest.mark.slow
def test_widget_types_are_right() -> None:
    if not TSC.exists() or not shutil.which("node"):
        pytest.skip("no TypeScript: npm ci")
    done = subprocess.run([TSC, "--noEmit", "--checkJs"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == ""
