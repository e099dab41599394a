"""`python -m evaluation.benchmark.turn` measures what the cuts of bot/speedups.py save in a turn, and writes docs/results/rasa-turn.md."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from evaluation.bank import read_bank
from evaluation.benchmark import machine, servers
from evaluation.benchmark.errors import BenchmarkFailed
from evaluation.benchmark.load import WARM_UP, Burst, one_by_one
from evaluation.evaluate import OWN
from evaluation.processes import rasa_command

PAGE = Path("docs/results/rasa-turn.md")
MESSAGES = 200
SMALL_TALK = ["hello", "thank you"]

UNCUT = "import bot.speedups as cuts; cuts.apply = lambda: None; import bot.__main__ as launcher; launcher.main()"
"""Starts Rasa as the launcher does, without the cuts."""


@dataclass(frozen=True)
class Turns:
    """Times of one way to run Rasa: questions that the action server answers, and small talk that Rasa answers alone."""

    name: str
    questions: Burst
    small_talk: Burst

    def row(self) -> str:
        """Return the row of the table."""
        times = " | ".join(f"{burst.percentile(50):.1f} / {burst.percentile(95):.1f}" for burst in (self.questions, self.small_talk))
        return f"| {self.name} | {times} | {self.questions.errors + self.small_talk.errors} |"


def main() -> int:
    """Return 1, with what to do, when an assistant does not get ready."""
    questions = [each.question for each in read_bank(OWN) if each.kind == "in_scope" and not each.previous_turn]
    notes = [note for note in [machine.load_warning()] if note]
    try:
        measured = [_measure("with the cuts", rasa_command, questions), _measure("as Rasa does it", uncut, questions)]
    except BenchmarkFailed as error:
        print(error, file=sys.stderr)
        return 1
    PAGE.write_text(page(measured, notes), encoding="utf-8")
    Console().print(f"{PAGE} was written.")
    return 0


def uncut(port: int) -> list[str]:
    """Return what starts Rasa on `port` without the cuts."""
    command = rasa_command(port)
    place = command.index("-m")
    return [*command[:place], "-c", UNCUT, *command[place + 2 :]]


def _measure(name: str, rasa: Callable[[int], list[str]], questions: list[str]) -> Turns:
    with servers.ours(rasa) as running:
        one_by_one(running.channel, questions, WARM_UP)
        return Turns(name, one_by_one(running.channel, questions, MESSAGES), one_by_one(running.channel, SMALL_TALK, MESSAGES))


def page(measured: list[Turns], notes: list[str]) -> str:
    """Return the page."""
    lines = [
        "# A turn of Rasa",
        "",
        f"Written by `python -m evaluation.benchmark.turn`: {MESSAGES} messages of each kind, one after the other, every one in a",
        "conversation of its own, at Rasa's port. What is cut is told in `bot/speedups.py`. In conversations of many turns the uncut way",
        "costs more with each turn, since all of a conversation is sent to the action server at every call.",
        "",
        *machine.describe(),
        machine.describe_rasa(),
        *(f"- {note}" for note in notes),
        "",
        "| Rasa | a question, p50 / p95 ms | small talk, p50 / p95 ms | failed |",
        "|---|---|---|---|",
        *(turns.row() for turns in measured),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
