"""Takes one assistant through all measurements: start, memory, question banks, load."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from evaluation.bank import BankQuestion
from evaluation.benchmark import asking
from evaluation.benchmark.asking import Asked
from evaluation.benchmark.errors import BenchmarkFailed
from evaluation.benchmark.load import Load, Plan, measure
from evaluation.benchmark.servers import Running, start_often
from evaluation.benchmark.training import Training

KEPT = Path(".cache/benchmark")
"""Replies and logs of the last run, to be read by people."""


@dataclass(frozen=True)
class Measured:
    """All figures of one assistant.

    Attributes:
        starts: seconds from the start of Rasa to its first answer.
        memory_mb, loaded_mb: of each process after its start, and after the load.
        asked: by name of the bank.
    """

    name: str
    training: Training
    starts: list[float]
    memory_mb: dict[str, float]
    loaded_mb: dict[str, float]
    load: Load
    asked: dict[str, list[Asked]]

    @property
    def start_seconds(self) -> float:
        """The middle of all starts."""
        return statistics.median(self.starts)

    def everything_asked(self) -> list[Asked]:
        """Return the questions of all banks together."""
        return [each for asked in self.asked.values() for each in asked]


def take(
    name: str,
    start: Callable[[], AbstractContextManager[Running]],
    *,
    training: Training,
    banks: Mapping[str, Sequence[BankQuestion]],
    questions: Sequence[str],
    plan: Plan,
    console: Console,
) -> Measured:
    """Measure one assistant. `questions` are for the load; if there are none, those that it answers itself."""
    console.print(f"{name}: {plan.starts} starts")
    starts = start_often(start, plan.starts - 1)
    with start() as running:
        memory = running.memory_mb()
        asked = {bank: asking.ask_all(running.channel, each, f"{name}, {bank}") for bank, each in banks.items()}
        for bank, each in asked.items():
            asking.write_asked(KEPT / f"{name.replace(' ', '-')}-{bank}.jsonl", each)
        console.print(f"{name}: load")
        load = measure(running.channel, questions or answered_questions(asked), plan)
        return Measured(name, training, [*starts, running.start_seconds], memory, running.memory_mb(), load, asked)


def answered_questions(asked: Mapping[str, Sequence[Asked]]) -> list[str]:
    """Return the in-scope questions that stand alone and were answered, so that a turn is a whole one.

    Raises:
        BenchmarkFailed: there are none.
    """
    everything = [each for bank in asked.values() for each in bank if each.is_answered]
    texts = [each.question.question for each in everything if each.question.kind == "in_scope" and not each.question.previous_turn]
    if not texts:
        raise BenchmarkFailed("No question of the banks was answered, so there is nothing to measure the time with.")
    return texts
