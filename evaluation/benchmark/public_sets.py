"""Reads the public intent sets in their published splits. They are for measuring only and never enter the project."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.benchmark.errors import BenchmarkFailed


@dataclass(frozen=True)
class Texts:
    """Questions and the class of each."""

    texts: tuple[str, ...]
    classes: tuple[str, ...]

    def first(self, rows: int | None) -> Texts:
        """Return `rows` of them, spread evenly over the whole; all when None."""
        step = max(len(self.texts) // rows, 1) if rows else 1
        return Texts(self.texts[::step][:rows], self.classes[::step][:rows])


@dataclass(frozen=True)
class PublicSet:
    """One set.

    Attributes:
        trainings: by name of the split: `10-shot` and `full`.
        valid, outside: to choose a threshold with, and what belongs to no class; empty when the set has none.
    """

    name: str
    trainings: dict[str, Texts]
    test: Texts
    valid: Texts = Texts((), ())
    outside: Texts = Texts((), ())

    def all_texts(self) -> list[str]:
        """Return every text once."""
        parts = [*self.trainings.values(), self.test, self.valid, self.outside]
        return list(dict.fromkeys(text for part in parts for text in part.texts))

    def first(self, rows: int | None) -> PublicSet:
        """Return a smaller set with `rows` texts in each part, to try things out."""
        trainings = {name: part.first(rows) for name, part in self.trainings.items()}
        return PublicSet(self.name, trainings, self.test.first(rows), self.valid.first(rows), self.outside.first(rows))


def read_sets(folder: Path) -> list[PublicSet]:
    """Return BANKING77, CLINC150 and HWU64.

    Raises:
        BenchmarkFailed: a file is missing, or is not what its name says.
    """
    try:
        return [_banking(folder), _clinc(folder), _hwu(folder)]
    except (OSError, ValueError, KeyError) as error:
        raise BenchmarkFailed(f"The public sets in {folder} cannot be read: {type(error).__name__}: {error}") from error


def _banking(folder: Path) -> PublicSet:
    trainings = {"10-shot": _lines(folder / "banking77" / "train_10"), "full": _table(folder / "b77_train.csv")}
    return PublicSet("BANKING77", trainings, _table(folder / "b77_test.csv"))


def _clinc(folder: Path) -> PublicSet:
    parts = json.loads((folder / "clinc_full.json").read_text(encoding="utf-8"))
    trainings = {"10-shot": _lines(folder / "clinc150" / "train_10"), "full": _pairs(parts["train"])}
    return PublicSet("CLINC150", trainings, _pairs(parts["test"]), _pairs(parts["val"]), _pairs(parts["oos_test"]))


def _hwu(folder: Path) -> PublicSet:
    parts = {name: _lines(folder / "hwu64" / name) for name in ("train_10", "train", "test")}
    return PublicSet("HWU64", {"10-shot": parts["train_10"], "full": parts["train"]}, parts["test"])


def _table(path: Path) -> Texts:
    with path.open(encoding="utf-8", newline="") as file:
        return _pairs([(row["text"], row["category"]) for row in csv.DictReader(file)])


def _lines(folder: Path) -> Texts:
    texts, classes = (_read_lines(folder / name) for name in ("seq.in", "label"))
    return _pairs(list(zip(texts, classes, strict=True)))


def _read_lines(path: Path) -> list[str]:
    """Only line feeds end a line here: the questions hold other separators."""
    return [line.strip() for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n")]


def _pairs(pairs: Sequence[Sequence[str]]) -> Texts:
    return Texts(tuple(text for text, _ in pairs), tuple(name for _, name in pairs))
