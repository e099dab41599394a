"""The public sets: reading them, and telling what belongs to no class."""

import json
from pathlib import Path

import numpy as np
import pytest

from evaluation.benchmark.errors import BenchmarkFailed
from evaluation.benchmark.public_report import Figure, Outside, write
from evaluation.benchmark.public_sets import Texts, read_sets
from evaluation.benchmark_public import measure, tell_outside


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("banking77/train_10", "clinc150/train_10", "hwu64/train", "hwu64/train_10", "hwu64/test"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "seq.in").write_text("where is my card\nwhat\u2028 is new\n", encoding="utf-8")
        (tmp_path / name / "label").write_text("card\nnews\n")
    for name in ("b77_train.csv", "b77_test.csv"):
        (tmp_path / name).write_text('text,category\n"where, is\nmy card",card\nwhat is new,news\n')
    pairs = [["where is my card", "card"], ["what is new", "news"]]
    parts = dict.fromkeys(("train", "val", "test"), pairs) | {"oos_test": [["sing", "oos"]]}
    (tmp_path / "clinc_full.json").write_text(json.dumps(parts))
    return tmp_path


def test_all_sets_are_read(folder: Path) -> None:
    banking, clinc, hwu = read_sets(folder)
    assert banking.test.texts == ("where, is\nmy card", "what is new")
    assert clinc.outside.texts == ("sing",)
    assert hwu.trainings["full"] == Texts(("where is my card", "what\u2028 is new"), ("card", "news"))


def test_missing_file_is_named(folder: Path) -> None:
    (folder / "b77_test.csv").unlink()
    with pytest.raises(BenchmarkFailed, match="b77_test"):
        read_sets(folder)


def test_lines_without_a_class_are_refused(folder: Path) -> None:
    (folder / "hwu64/test/label").write_text("card\n")
    with pytest.raises(BenchmarkFailed, match="shorter"):
        read_sets(folder)


def test_sample_is_spread_over_the_whole() -> None:
    everything = Texts(tuple("abcdefgh"), tuple("11112222"))
    assert everything.first(2).classes == ("1", "2")
    assert everything.first(None) == everything


def test_threshold_comes_from_the_validation_questions() -> None:
    outside = tell_outside(np.linspace(0, 1, 101), np.array([0.9, 0.8]), np.array([0.01, 0.85]))
    assert outside == Outside(auroc=0.75, recall=0.5, accepted=1.0)


def test_classifier_is_measured_on_the_test_questions(folder: Path) -> None:
    clinc = read_sets(folder)[1]
    vectors = {text: np.random.default_rng(number).normal(size=384).astype(np.float32) for number, text in enumerate(clinc.all_texts())}
    figure = measure("int8", clinc, "full", vectors)
    assert figure.accuracy == 1.0
    assert figure.outside is not None


def test_page_has_a_cell_for_each_set(tmp_path: Path) -> None:
    write(tmp_path / "page.md", [Figure("int8", "HWU64", "full", 0.915, 3.0)], ["a note"])
    assert "| **ours, int8** |  |  |  |  |  | 91.5 |" in (tmp_path / "page.md").read_text()
