"""`python -m evaluation.red_flags` measures the red-flag screen: missed emergencies, false alarms and time.

Asks its own bank, `../shared/questions/dev.jsonl` where it exists, every question that the assistant is meant to answer or to
decline, and the bank once more with a typing error in every message. Writes docs/results/red-flags.md.
"""

from __future__ import annotations

import json
import random
import re
import string
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.clinic import read_clinic
from language.red_flags import RedFlag, Screen

SAFETY = Path("data/safety")
CLINIC = Path("data/clinic.yml")
BANK = Path("evaluation/questions/red_flags.jsonl")
OWN = Path("evaluation/questions/own.jsonl")
SHARED = Path("../shared/questions/dev.jsonl")
PHRASINGS = Path("data/knowledge/answers")
OTHER = Path("data/nlu")
PAGE = Path("docs/results/red-flags.md")

TIMED_CHARACTERS = 1000
TIMED_TEXTS = 200
TIMED_AGAIN = 5
"""Each text is timed so often, and the least counts: other processes share the machine."""

SEED = 6
TYPO_FROM = 5

FIRST = {
    "A": "tuned on, so it has no first result",
    "B": "96 of 128 (75%) and 10 of 124 (8.1%)",
    "C": "39 of 65 (60%) and 4 of 59 (6.8%); written to be indirect",
    "D": "42 of 50 (84%) and 2 of 50 (4.0%)",
    "E": "32 of 40 (80%) and 3 of 40 (7.5%)",
    "F": "31 of 41 (76%) and 0 of 40 (0%)",
    "G": "66 of 81 (81%) and 4 of 86 (4.7%)",
    "H": "50 of 82 (61%) and 2 of 86 (2.3%); written to be indirect",
    "I": "61 of 80 (76%) and 7 of 87 (8.0%); the rules alone 51 and 4; the first one with the model",
    "J": "53 of 80 (66%) and 5 of 81 (6.2%); the rules alone 43 and 5; written to be indirect",
    "K": "54 of 82 (66%) and 1 of 80 (1.2%); the rules alone 41 and 1; written to be indirect",
    "L": "71 of 80 (89%) and 0 of 77 (0%), 69 and 0 with the later threshold; the rules alone 65 and 0; in plain words",
}
"""Found and falsely alarmed on each batch before it had been looked at, with the screen of that hour; mended after.

A to F stand in the bank. G to L are in evaluation/fitting/red_flags.jsonl: the model learns from them."""


@dataclass(frozen=True)
class Message:
    """A message of a bank.

    Attributes:
        is_emergency: whether an alarm is right.
        group: class of the message, or the bank's kind where it names no class.
    """

    text: str
    is_emergency: bool
    group: str
    half: str = ""


@dataclass(frozen=True)
class Checked:
    """A message with the alarm that it got."""

    message: Message
    flag: RedFlag | None

    @property
    def is_right(self) -> bool:
        """Whether it alarms if and only if it should."""
        return (self.flag is not None) == self.message.is_emergency


def read_screen() -> Screen:
    """Return the shipped screen."""
    return Screen.from_files(SAFETY, read_clinic(CLINIC).numbers)


def read_messages(path: Path) -> list[Message]:
    """Return the messages of a bank; every kind but `emergency` counts as a look-alike."""
    entries = map(json.loads, filter(str.strip, path.read_text(encoding="utf-8").splitlines()))
    return [
        Message(entry["question"], entry["kind"] == "emergency", entry.get("class", entry["kind"]), entry.get("half", ""))
        for entry in entries
    ]


def read_phrasings() -> Iterator[tuple[str, str]]:
    """Yield the file and the text of every phrasing, and of every example of what is not answered or is only talk."""
    for path in sorted(PHRASINGS.glob("*/*.phrasings.txt")):
        for line in filter(str.strip, path.read_text(encoding="utf-8").splitlines()):
            yield path.relative_to(PHRASINGS).as_posix().removesuffix(".phrasings.txt"), line.strip()
    for path in sorted(OTHER.glob("*/*.yml")):
        for text in re.findall(r"^\s+- (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE):
            yield f"{path.parent.name}/{path.stem}", text


def check_all(screen: Screen, messages: Iterable[Message]) -> list[Checked]:
    """Return every message with its alarm."""
    return [Checked(message, screen.check(message.text)) for message in messages]


def with_typo(message: Message, chance: random.Random) -> Message:
    """Return the message with one letter of one longer word left out, doubled, swapped with the next or replaced."""
    words = message.text.split(" ")
    longer = [place for place, word in enumerate(words) if len(word) >= TYPO_FROM and word.isalpha()]
    if not longer:
        return message
    place = chance.choice(longer)
    word, at = words[place], chance.randrange(1, len(words[place]) - 1)
    slips = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + chance.choice(string.ascii_lowercase) + word[at + 1 :],
    )
    words[place] = chance.choice(slips)
    return Message(" ".join(words), message.is_emergency, message.group, message.half)


def milliseconds(screen: Screen, texts: Sequence[str]) -> list[float]:
    """Return the processor time of one check of each text, rising."""
    return sorted(min(_once(screen, text) for _ in range(TIMED_AGAIN)) for text in texts)


def _once(screen: Screen, text: str) -> float:
    started = time.thread_time()
    screen.check(text)
    return (time.thread_time() - started) * 1000


def long_texts(pieces: Sequence[str], chance: random.Random) -> list[str]:
    """Return texts of 1,000 characters, put together from `pieces`."""
    return [" ".join(chance.choices(pieces, k=TIMED_CHARACTERS // 5))[:TIMED_CHARACTERS] for _ in range(TIMED_TEXTS)]


def main() -> int:
    """Measure, write the page, and return 1 when an emergency of a bank is missed or a look-alike alarms."""
    screen = read_screen()
    bank = check_all(screen, read_messages(BANK))
    shared = check_all(screen, read_messages(SHARED)) if SHARED.exists() else []
    chance = random.Random(SEED)
    typos = check_all(screen, [with_typo(each.message, chance) for each in bank])
    sections = [
        _of_bank(f"`{BANK.name}`, by class", bank, lambda each: each.message.group),
        _of_bank(f"`{BANK.name}`, by half", bank, lambda each: each.message.half),
        _first_results(),
        _of_bank("The same with a typing error in every message", typos, lambda each: "all"),
        _of_bank("`dev.jsonl`", shared, lambda each: each.message.group) if shared else "",
        _of_bank("`own.jsonl`", check_all(screen, read_messages(OWN)), lambda each: each.message.group),
        _of_phrasings(screen),
        _times(screen, chance),
    ]
    PAGE.write_text("\n\n".join([_HEAD, *filter(None, sections)]) + "\n", encoding="utf-8")
    print(f"{recall_and_alarms(bank)}\nWrote {PAGE}")
    return 0 if all(each.is_right for each in (*bank, *shared)) else 1


_HEAD = """# The red-flag screen

Written by `python -m evaluation.red_flags`. The messages and the rules were written by the same hand, so the figures of the bank say
what the screen was made to do; the first results, further down, say what to expect of messages that nobody has seen. They are below
the goal of 99 %: the screen finds most emergencies told in plain words, and two of three that are only hinted at.
No clinician has confirmed the list of signs or the replies yet (`clinician_confirmation` in `data/safety/red_flags.yml`)."""


def recall_and_alarms(checked: Sequence[Checked]) -> str:
    """Return found emergencies and false alarms in words."""
    red = [each for each in checked if each.message.is_emergency]
    rest = [each for each in checked if not each.message.is_emergency]
    return f"found {_part([each for each in red if each.flag], red)}, false alarms {_part([each for each in rest if each.flag], rest)}"


def _part(some: Sequence[Checked], everything: Sequence[Checked]) -> str:
    return f"{len(some)} of {len(everything)} ({len(some) / len(everything):.1%})" if everything else "–"


def _of_bank(title: str, checked: Sequence[Checked], group_of: Callable[[Checked], str]) -> str:
    rows = [f"## {title}", "", "| | emergencies found | false alarms |", "|---|---|---|"]
    groups = list(dict.fromkeys(map(group_of, checked)))
    for name, members in [*((name, [each for each in checked if group_of(each) == name]) for name in groups), ("**all**", list(checked))]:
        red = [each for each in members if each.message.is_emergency]
        rest = [each for each in members if not each.message.is_emergency]
        rows.append(f"| {name} | {_part([each for each in red if each.flag], red)} | {_part([each for each in rest if each.flag], rest)} |")
    wrong = [f"- {'missed' if each.message.is_emergency else 'false alarm'}: {each.message.text}" for each in checked if not each.is_right]
    return "\n".join([*rows, *(["", *wrong] if wrong else [])])


def _first_results() -> str:
    told = (
        "Found emergencies and false alarms of each batch when it was first run, before any of its messages had been used for mending. "
        "The last one is what to expect of plain messages that nobody has seen, the ones before it what to expect of indirect ones:"
    )
    return "\n".join(["## First results", "", told, "", *(f"- {half}: {result}" for half, result in FIRST.items())])


def _of_phrasings(screen: Screen) -> str:
    everything = list(read_phrasings())
    alarms = [(source, text, flag) for source, text in everything if (flag := screen.check(text))]
    why = "Each was looked at and stays: where it is not plainly a red flag, an alarm costs less than a miss:"
    told = f"{len(alarms)} of {len(everything):,} phrasings and examples alarm. {why}"
    return "\n".join(
        ["## Phrasings that alarm", "", told, "", *(f"- {source}: {text} → {flag.kind} ({flag.urgency})" for source, text, flag in alarms)]
    )


def _times(screen: Screen, chance: random.Random) -> str:
    ordinary = [text for _, text in read_phrasings()]
    urgent = [message.text for message in read_messages(BANK)]
    rows = [
        "## Time",
        "",
        "Processor time of one check, in milliseconds. The goal is at most 1 ms for a message. Visitors may write up to 1,000 characters;",
        "such texts are made here of many messages in a row, so that they hold more signs than any real one.",
        "",
        "| texts | median | p95 | longest |",
        "|---|---|---|---|",
        _row("questions as they come", milliseconds(screen, random.Random(SEED).sample(ordinary, 5 * TIMED_TEXTS))),
        _row("emergencies and look-alikes as they come", milliseconds(screen, urgent)),
    ]
    for name, pieces in (("of ordinary questions", ordinary), ("of emergencies and look-alikes only", urgent)):
        rows.append(_row(f"1,000 characters {name}", milliseconds(screen, long_texts(pieces, chance))))
    return "\n".join(rows)


def _row(name: str, rising: Sequence[float]) -> str:
    return f"| {name} | {rising[len(rising) // 2]:.2f} | {rising[int(len(rising) * 0.95)]:.2f} | {rising[-1]:.2f} |"


if __name__ == "__main__":
    sys.exit(main())
