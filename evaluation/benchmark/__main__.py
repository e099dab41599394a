"""`python -m evaluation.benchmark` measures Frontdesk, a stock Rasa assistant and BM25 on the same knowledge, in one run.

Trains the stock assistant in .cache/stock (hours on two cores; `--reuse` keeps a trained one), and writes docs/results/benchmark.md
and its plot. Run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from rich.console import Console

from evaluation.bank import BankInvalid, BankQuestion, read_bank
from evaluation.benchmark import asking, machine, plot, report, servers, systems
from evaluation.benchmark.client import MessageFailed
from evaluation.benchmark.errors import BenchmarkFailed
from evaluation.benchmark.load import SMALL, Plan
from evaluation.benchmark.material import Entry, count_phrasings, read_material
from evaluation.benchmark.stock_project import FOLDER, write_project
from evaluation.benchmark.training import Training, train_ours, train_stock
from evaluation.evaluate import OWN, RESULTS, SHARED
from knowledge.errors import KnowledgeError

SMALL_ANSWERS, SMALL_PHRASINGS = 5, 8
SMALL_BANK = 20

console = Console(soft_wrap=True)


def main() -> int:
    """Return 1, with what to do, when something cannot be measured."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, _end)
    try:
        _run(arguments)
    except (BankInvalid, BenchmarkFailed, KnowledgeError, MessageFailed, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _end(_number: int, _frame: FrameType | None) -> None:
    """End as after Ctrl-C, so that what was started is stopped too."""
    raise KeyboardInterrupt


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="evaluation.benchmark", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--banks", nargs="+", type=Path, default=[bank for bank in (SHARED, OWN) if bank.exists()])
    parser.add_argument("--epochs", type=int, default=100, help="of the stock assistant's learned parts; Rasa's default is 100")
    parser.add_argument("--reuse", action="store_true", help="keep the assistants that an earlier run trained")
    parser.add_argument("--small", action="store_true", help="5 answers, seconds of load: tries out the benchmark, measures nothing")
    return parser.parse_args()


def _run(arguments: argparse.Namespace) -> None:
    plan, folder = (SMALL, FOLDER.with_name("stock-small")) if arguments.small else (Plan(), FOLDER)
    material = read_material(answers=SMALL_ANSWERS, phrasings=SMALL_PHRASINGS) if arguments.small else read_material()
    banks = {path.stem: _questions(path, small=arguments.small) for path in arguments.banks}
    notes = [note for note in [machine.load_warning()] if note]
    console.print(*notes)
    training = _train_stock(arguments, folder, material, notes)
    ours = systems.take(
        "Frontdesk", servers.ours, training=_train_ours(arguments, material), banks=banks, questions=(), plan=plan, console=console
    )
    questions = systems.answered_questions(ours.asked)
    everything = [question for bank in banks.values() for question in bank]
    stock = systems.take(
        "stock Rasa",
        lambda: servers.stock(folder),
        training=training,
        banks=banks,
        questions=questions,
        plan=plan,
        console=console,
    )
    with servers.stock(folder) as running:
        guesses = {"stock Rasa": asking.guesses_of_stock(running.channel, folder, everything)}
    guesses["BM25"], milliseconds = asking.guesses_of_bm25(material, everything)
    _write(report.Results(ours, stock, guesses, milliseconds, notes), arguments)


def _questions(path: Path, *, small: bool) -> list[BankQuestion]:
    questions = read_bank(path)
    return questions[:: max(len(questions) // SMALL_BANK, 1)] if small else questions


def _train_stock(arguments: argparse.Namespace, folder: Path, material: list[Entry], notes: list[str]) -> Training:
    """Train the stock assistant, unless an earlier one is to be kept; `notes` gets what it was trained on."""
    kept = Training.read(folder / "trained.json") if arguments.reuse else None
    if kept is None:
        console.print(f"Training the stock assistant ({arguments.epochs} epochs); its log: {folder / 'train.log'}")
        (folder / "trained.json").unlink(missing_ok=True)
        write_project(folder, material, epochs=arguments.epochs)
        kept = train_stock(folder, console, epochs=arguments.epochs, phrasings=count_phrasings(material))
        kept.write(folder / "trained.json")
    notes.append(f"Stock Rasa was trained on {kept.phrasings} phrasings with {kept.epochs} epochs, on {kept.finished_at}.")
    if kept.phrasings != count_phrasings(material):
        notes.append(f"**The knowledge has changed since then**: it has {count_phrasings(material)} phrasings now.")
    return kept


def _train_ours(arguments: argparse.Namespace, material: list[Entry]) -> Training:
    """Measure how long our own training takes; the model that runs is the one of `make train`."""
    path = systems.KEPT / ("trained-ours-small.json" if arguments.small else "trained-ours.json")
    kept = Training.read(path) if arguments.reuse or arguments.small else None
    if kept is None:
        console.print("Training Frontdesk, to measure the time")
        kept = train_ours(console, phrasings=count_phrasings(material))
        kept.write(path)
    return kept


def _write(results: report.Results, arguments: argparse.Namespace) -> None:
    """A trial's figures mean nothing, so they do not go to the results."""
    page = (systems.KEPT if arguments.small else RESULTS) / "benchmark.md"
    drawing = page.with_suffix(".svg")
    options = " ".join(sys.argv[1:])
    plot.draw(drawing, results)
    report.write(page, results, f"python -m evaluation.benchmark {options}".strip(), drawing.name)
    console.print(f"{page} was written at {time.strftime('%H:%M')}.")


if __name__ == "__main__":
    sys.exit(main())
