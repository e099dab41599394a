"""Smaller parts of the benchmarks: memory, trainings, sections of a page, sizes of the search."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from evaluation.benchmark.encoder import cosines
from evaluation.benchmark.errors import BenchmarkFailed
from evaluation.benchmark.memory import tree_bytes
from evaluation.benchmark.section import rewrite
from evaluation.benchmark.sizes import resize
from evaluation.benchmark.timing import time_calls
from evaluation.benchmark.training import Training, train
from knowledge.published import Published, PublishedAnswer


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_of_children_counts() -> None:
    alone = tree_bytes(os.getpid())
    with subprocess.Popen([sys.executable, "-c", "x = bytearray(50_000_000); print(1, flush=True); input()"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:  # fmt: skip
        assert child.stdout is not None
        child.stdout.readline()
        grown = tree_bytes(os.getpid())
        child.communicate(b"\n")
    assert grown - alone > 50_000_000


def test_ended_process_has_no_memory() -> None:
    assert tree_bytes(2**22 + 1) == 0


def test_failed_training_shows_its_log(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('no disk left'); raise SystemExit(3)"]
    with pytest.raises(BenchmarkFailed, match="no disk left"):
        train(command, Console(quiet=True), folder=tmp_path, log=tmp_path / "log", environment={})


def test_training_is_timed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(0.1)"]
    seconds, _ = train(command, Console(quiet=True), folder=tmp_path, log=tmp_path / "log", environment={})
    assert seconds >= 0.1


def test_what_was_measured_of_a_training_is_kept(tmp_path: Path) -> None:
    training = Training(1.5, 300.0, 100, 16_000, "2026-01-01 10:00")
    training.write(tmp_path / "trained.json")
    assert Training.read(tmp_path / "trained.json") == training


@pytest.mark.parametrize("content", [None, "{", '{"hours": 3}', "[]"])
def test_unusable_record_counts_as_none(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "trained.json").write_text(content)
    assert Training.read(tmp_path / "trained.json") is None


def test_section_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n\nBefore.\n")
    rewrite(page, "speed", "Speed", ["old"])
    page.write_text(page.read_text() + "\nAfter.\n")
    rewrite(page, "speed", "Speed", ["new"])
    text = page.read_text()
    assert text.startswith("# Page\n\nBefore.\n")
    assert text.endswith("\nAfter.\n")
    assert "new" in text
    assert "old" not in text


def test_section_begins_a_page_that_is_missing(tmp_path: Path) -> None:
    rewrite(tmp_path / "docs" / "page.md", "speed", "Speed", ["new"])
    assert "## Speed" in (tmp_path / "docs" / "page.md").read_text()


def answer(name: str, *phrasings: str) -> PublishedAnswer:
    return PublishedAnswer(name, 1, "recovery", (), name, "Text.", "Text.", None, None, date(2030, 1, 1), (), phrasings)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 11])
def test_release_gets_as_many_phrasings_as_asked_for(count: int) -> None:
    published = Published(1, (answer("a", "one two three", "four five"), answer("b", "six seven")), {}, {}, {})
    resized = resize(published, count)
    assert sum(len(each.phrasings) for each in resized.answers) == count
    assert resized == resize(published, count)


def test_made_up_phrasings_have_the_words_of_real_ones() -> None:
    published = Published(1, (answer("a", "one two three"),), {}, {}, {})
    assert all(sorted(text.split()) == ["one", "three", "two"] for text in resize(published, 5).answers[0].phrasings)


def test_cosine_does_not_depend_on_length() -> None:
    assert cosines(np.array([[3.0, 0.0]]), np.array([[0.5, 0.0]])).tolist() == [1.0]


def test_calls_are_timed_after_warming_up() -> None:
    calls: list[str] = []
    times = time_calls(calls.append, ["a", "b"], warm_up=1)
    assert calls == ["a", "a", "b"]
    assert 0 <= times.p50 <= times.p95
