"""Writes the benchmark's page: docs/results/benchmark.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from evaluation.bank import KINDS, Verdict
from evaluation.benchmark import machine
from evaluation.benchmark.asking import Asked
from evaluation.benchmark.coverage import Guess, at_coverage, fewest_wrong
from evaluation.benchmark.systems import Measured

OTHERS = ("stock Rasa", "BM25")


@dataclass(frozen=True)
class Results:
    """What one run of the benchmark found.

    Attributes:
        guesses: of `stock Rasa` and `BM25`, by name of the score that says how sure they are.
        bm25_milliseconds: of each search, in the process, without a server.
        notes: what a reader must know of this run.
    """

    ours: Measured
    stock: Measured
    guesses: dict[str, dict[str, list[Guess]]]
    bm25_milliseconds: list[float]
    notes: list[str] = field(default_factory=list)

    @property
    def coverage(self) -> float:
        """Share of the in-scope questions that we answered."""
        inside = _of_kind(self.ours.everything_asked(), "in_scope")
        return sum(each.is_answered for each in inside) / max(len(inside), 1)

    @property
    def our_wrong(self) -> float:
        """Share of the in-scope questions that we answered wrongly."""
        inside = _of_kind(self.ours.everything_asked(), "in_scope")
        return sum(each.verdict is Verdict.WRONG for each in inside) / max(len(inside), 1)

    def at_best(self, system: str) -> tuple[str, list[Guess]]:
        """Return the score by which a system errs least at our coverage, and its guesses."""
        name = fewest_wrong(self.guesses[system], self.coverage)
        return name, self.guesses[system][name]


def write(page: Path, results: Results, command: str, plot: str) -> None:
    """Write the whole page."""
    page.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        "# Beside stock Rasa and plain word search",
        "",
        "Written by `make benchmark`. The stock assistant has Rasa 3.6's default pipeline and policies, every answer as a retrieval intent",
        "with the same phrasings, and our out-of-scope classes and intents of the conversation as intents; it needs no action server.",
        "Ours answers through its action server. Both are asked through their channels, one after the other, by the same client.",
        "",
        *machine.describe(),
        machine.describe_rasa(),
        f"- Command: `{command}`.",
        *[f"- {note}" for note in results.notes],
        "",
        *_goals(results),
        *_speed(results),
        *_banks(results),
        *_equal_coverage(results),
        f"![wrong answers by coverage, and time by turn]({plot})",
        "",
    ]
    page.write_text("\n".join(lines), encoding="utf-8")


def _goals(results: Results) -> list[str]:
    ours, stock = results.ours, results.stock
    busiest = max(ours.load.crowds)
    rows = [
        ("time of a turn, p50, to stock's", _part(ours.load.alone.percentile(50), stock.load.alone.percentile(50)), "≤", 0.4),
        (f"messages a second at {busiest} clients, to stock's", _part(_rate(ours, busiest), _rate(stock, busiest)), "≥", 3.0),
        ("messages that failed", float(ours.load.errors), "≤", 0.0),
        ("last turn of a long conversation, to the second", _part(_last(ours), ours.load.turn(2)), "≤", 1.2),
        ("start of Rasa to its first answer, to stock's", _part(ours.start_seconds, stock.start_seconds), "≤", 0.25),
        ("memory of Rasa after the load, to stock's", _part(ours.loaded_mb["Rasa"], stock.loaded_mb["Rasa"]), "≤", 0.5),
    ]
    for system in OTHERS:
        wrong = at_coverage(results.at_best(system)[1], results.coverage).wrong
        rows.append((f"wrong answers at equal coverage, to those of {system}", _part(results.our_wrong, wrong), "≤", 0.2))
    lines = [f"| {name} | {sign} {bound:g} | {value:.2f} | {_verdict(value, sign, bound)} |" for name, value, sign, bound in rows]
    return ["## Goals", "", "| figure | goal | measured | |", "|---|---|---|---|", *lines, ""]


def _verdict(value: float, sign: str, bound: float) -> str:
    return "reached" if (value <= bound if sign == "≤" else value >= bound) else "**missed**"


def _part(value: float, of: float) -> float:
    if not of:
        return 0.0 if not value else float("inf")
    return value / of


def _rate(system: Measured, clients: int) -> float:
    return system.load.crowds[clients].per_second


def _last(system: Measured) -> float:
    return system.load.turn(system.load.turns.shape[1])


def _speed(results: Results) -> list[str]:
    ours, stock, searched = results.ours, results.stock, results.bm25_milliseconds
    alone = [f"{system.load.alone.percentile(50):.1f} / {system.load.alone.percentile(95):.1f}" for system in (ours, stock)]
    bm25 = f"{np.percentile(searched, 50):.1f} / {np.percentile(searched, 95):.1f} (no server)"
    rows = [
        _line("training", *(f"{each.training.seconds:.0f} s" for each in (ours, stock)), "none"),
        _line("training, peak memory", *(f"{each.training.peak_mb:.0f} MB" for each in (ours, stock)), "none"),
        _line("start of Rasa to first answer, median (all)", *map(_starts, (ours, stock)), ""),
        _line("memory after start", *(_memory(each.memory_mb) for each in (ours, stock)), ""),
        _line("memory after load", *(_memory(each.loaded_mb) for each in (ours, stock)), ""),
        _line(f"1 client, {len(ours.load.alone.milliseconds)} messages: p50 / p95 ms", *alone, bm25),
        *(_crowd(clients, ours, stock) for clients in ours.load.crowds),
        _line("failed messages", str(ours.load.errors), str(stock.load.errors), ""),
        _line("turn 2 / last turn of one conversation, p50 ms", *map(_turns, (ours, stock)), ""),
    ]
    head = ["| | Frontdesk | stock Rasa | BM25 |", "|---|---|---|---|"]
    return ["## Speed and size", "", *head, *rows, "", _turns_note(ours), ""]


def _turns_note(system: Measured) -> str:
    conversations, turns = system.load.turns.shape
    return f"Long conversations: {conversations} of {turns} turns each; all other messages begin a conversation of their own."


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _starts(system: Measured) -> str:
    return f"{system.start_seconds:.1f} s ({', '.join(f'{each:.1f}' for each in system.starts)})"


def _memory(parts: dict[str, float]) -> str:
    return ", ".join(f"{name} {size:.0f} MB" for name, size in parts.items())


def _crowd(clients: int, *systems: Measured) -> str:
    bursts = [each.load.crowds[clients] for each in systems]
    cells = [
        f"{burst.per_second:.0f} ({burst.percentile(50):.0f} / {burst.percentile(95):.0f} ms, {burst.errors} failed)" for burst in bursts
    ]
    return _line(f"{clients} clients: messages a second (p50 / p95)", *cells, "")


def _turns(system: Measured) -> str:
    return f"{system.load.turn(2):.1f} / {_last(system):.1f}"


def _banks(results: Results) -> list[str]:
    lines = ["## Question banks", "", "Emergencies are left out: the gateway recognises them before Rasa is asked.", ""]
    for bank in results.ours.asked:
        head = [
            f"| `{bank}` | questions | Frontdesk: right / wrong / unanswered | stock Rasa: right / wrong / unanswered |",
            "|---|---|---|---|",
        ]
        lines += [*head, *_bank_rows(results.ours.asked[bank], results.stock.asked[bank]), ""]
    return lines


def _bank_rows(ours: Sequence[Asked], stock: Sequence[Asked]) -> list[str]:
    rows = []
    for kind in KINDS:
        mine, theirs = _of_kind(ours, kind), _of_kind(stock, kind)
        if mine and kind != "emergency":
            rows.append(_line(kind, str(len(mine)), _counts(mine), _counts(theirs)))
    return rows


def _of_kind(asked: Sequence[Asked], kind: str) -> list[Asked]:
    return [each for each in asked if each.question.kind == kind]


def _counts(asked: Sequence[Asked]) -> str:
    counts = Counter(each.verdict for each in asked)
    return " / ".join(f"{counts[verdict] / len(asked):.1%}" for verdict in Verdict)


def _equal_coverage(results: Results) -> list[str]:
    outside = _of_kind(results.ours.everything_asked(), "out_of_scope")
    leaked = sum(each.is_answered for each in outside) / max(len(outside), 1)
    right = results.coverage - results.our_wrong
    rows = [_line("Frontdesk", f"{results.coverage:.1%}", f"{right:.1%}", f"{results.our_wrong:.1%}", f"{leaked:.1%}", "as it runs")]
    for system in OTHERS:
        name, guesses = results.at_best(system)
        outcome = at_coverage(guesses, results.coverage)
        shares = (f"{share:.1%}" for share in (outcome.answered, outcome.right, outcome.wrong, outcome.leaked))
        rows.append(_line(system, *shares, f"threshold on {name}"))
    return [
        "## Wrong answers at equal coverage",
        "",
        "All banks together. The others' thresholds are set so that they answer as many in-scope questions as ours, by the score of",
        "theirs by which they err least. They look at the question alone, ours also at the turn before it.",
        "",
        "| | answered | right | wrong | out of scope answered | by |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]
