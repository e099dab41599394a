"""`python -m evaluation.benchmark.encoder` measures the sentence encoders and the search on one core.

Rewrites one section of docs/results/encoder.md, and leaves the rest of the page as it is.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console

from evaluation.bank import read_bank
from evaluation.benchmark import machine, section, sizes
from evaluation.benchmark.timing import Times, milliseconds, percentiles, time_calls
from evaluation.evaluate import OWN
from knowledge.errors import KnowledgeError
from language.encoder import Encoder, load_encoder
from language.errors import LanguageError

ENCODERS = ("fp32", "int8", "tuned")
PIECES = 12
PIECES_OF_REAL = (8, 16)
MAX_RATIO, MAX_SEARCH_MS = 1.3, 10.0
GOLDEN = Path("tests/language/golden/minilm.json")
PAGE = Path("docs/results/encoder.md")

console = Console(soft_wrap=True)


@dataclass(frozen=True)
class Speed:
    """Of one encoder: to load it, to encode 12 pieces, the graph's own part of that, and real questions."""

    load_seconds: float
    twelve: Times
    graph: Times
    real: Times

    @property
    def ratio(self) -> float:
        """Of encoding to the graph's own time."""
        return self.twelve.p50 / self.graph.p50


def main() -> int:
    """Return 1, with what to do, when an encoder or the knowledge is missing."""
    parser = argparse.ArgumentParser(prog="evaluation.benchmark.encoder", description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=[2_000, 20_000], help="numbers of phrasings to search")
    parser.add_argument("--repeats", type=int, default=2_000, help="of the question of 12 pieces")
    parser.add_argument("--database", default="sqlite:///var/frontdesk.db")
    parser.add_argument("--page", type=Path, default=PAGE)
    arguments = parser.parse_args()
    try:
        _measure(arguments)
    except (LanguageError, KnowledgeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _measure(arguments: argparse.Namespace) -> None:
    warning = machine.load_warning()
    questions = [each.question for each in read_bank(OWN) if each.kind == "in_scope"]
    speeds = {name: _speed(name, questions, arguments.repeats) for name in ENCODERS}
    lines = [
        "Written by `python -m evaluation.benchmark.encoder`. One thread; every text alone, as in service.",
        "",
        *machine.describe(("onnxruntime", "tokenizers", "numpy")),
        f"- numpy's threads: OMP_NUM_THREADS is {os.environ.get('OMP_NUM_THREADS', 'not set')}.",
        *([f"- {warning}"] if warning else []),
        "",
        *_speed_table(speeds),
        "",
        *_agreement(),
        "",
        *_search_table(arguments.database, arguments.sizes, questions),
    ]
    section.rewrite(arguments.page, "speed", "Speed and agreement", lines)
    console.print("\n".join(lines), markup=False)


def _speed(name: str, questions: Sequence[str], repeats: int) -> Speed:
    console.print(f"Encoder {name}")
    began = time.perf_counter()
    encoder = load_encoder(name)
    load_seconds = time.perf_counter() - began
    question = next(text for text in questions if len(encoder_pieces(encoder, text)) == PIECES)
    twelve, graph = side_by_side(encoder, question, repeats)
    shortest, longest = PIECES_OF_REAL
    real = [text for text in questions if shortest <= len(encoder_pieces(encoder, text)) <= longest]
    return Speed(load_seconds, twelve, graph, time_calls(encoder.encode, real))


def encoder_pieces(encoder: Encoder, text: str) -> list[int]:
    """Return the numbers of the word pieces of `text`, as the graph takes them."""
    pieces: list[int] = encoder._tokenizer.encode(text).ids
    return pieces


def side_by_side(encoder: Encoder, text: str, repeats: int) -> tuple[Times, Times]:
    """Return the times of encoding, and of the same session running the graph alone; in turns, so that load hits both alike."""
    ids = {"ids": np.array([encoder_pieces(encoder, text)], dtype=np.int64)}
    session = encoder._session
    for _ in range(min(repeats, 100)):
        encoder.encode(text)
    whole, graph = [], []
    for _ in range(repeats):
        whole.append(milliseconds(encoder.encode, text))
        graph.append(milliseconds(lambda feed: session.run(None, feed), ids))
    return percentiles(whole), percentiles(graph)


def _speed_table(speeds: dict[str, Speed]) -> list[str]:
    times = [f"{PIECES} pieces", "graph alone", f"ratio (goal ≤ {MAX_RATIO})", "real questions"]
    head = f"| encoder | load s | {' | '.join(times)} |"
    note = f"Milliseconds, p50 / p95. Real questions: those of the bank with {PIECES_OF_REAL[0]} to {PIECES_OF_REAL[1]} pieces."
    return [head, "|---|---|---|---|---|---|", *[_speed_row(name, speed) for name, speed in speeds.items()], "", note]


def _speed_row(name: str, speed: Speed) -> str:
    times = [f"{each.p50:.2f} / {each.p95:.2f}" for each in (speed.twelve, speed.graph, speed.real)]
    return f"| {name} | {speed.load_seconds:.2f} | {times[0]} | {times[1]} | {speed.ratio:.2f} | {times[2]} |"


def _agreement() -> list[str]:
    """How near the plain encoders are to PyTorch. The tuned one is another model, so it is not compared."""
    if not GOLDEN.exists():
        return [f"No golden vectors: {GOLDEN} is missing."]
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    truth = np.array(golden["vectors"])
    rows = [f"| encoder | cosine to PyTorch, smallest / mean ({len(truth)} texts) |", "|---|---|"]
    for name in ("fp32", "int8"):
        agreement = cosines(load_encoder(name).encode_all(golden["texts"]), truth)
        rows.append(f"| {name} | {agreement.min():.6f} / {agreement.mean():.6f} |")
    return rows


def cosines(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the cosine of each pair of rows."""
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    result: np.ndarray = (first * second).sum(axis=1) / lengths
    return result


def _search_table(database: str, counts: Sequence[int], questions: Sequence[str]) -> list[str]:
    published, materials = sizes.read_all(database, Path("data"))
    rows = [
        f"| phrasings of answers | all phrasings | built in s | search p50 / p95 ms (goal at 2,000: p95 ≤ {MAX_SEARCH_MS:.0f}) |",
        "|---|---|---|---|",
    ]
    shipped = sum(len(answer.phrasings) for answer in published.answers)
    for count in sorted({*counts, shipped}):
        console.print(f"Search over {count} phrasings")
        began = time.perf_counter()
        search = sizes.build(published, materials, count)
        seconds = time.perf_counter() - began
        everything = sum(len(candidate.phrasings) for candidate in search.candidates)
        times = time_calls(search.search, questions)
        name = f"{count:,} (as shipped)" if count == shipped else f"{count:,}"
        rows.append(f"| {name} | {everything:,} | {seconds:.1f} | {times.p50:.2f} / {times.p95:.2f} |")
    note = f"{len(questions)} questions of the bank, encoding included. All phrasings: with titles, and examples of what is declined."
    shuffled = "Beyond the real ones, phrasings are the words of real ones in another order; building includes encoding what is new."
    return [*rows, "", note, shuffled]


if __name__ == "__main__":
    sys.exit(main())
