"""`python -m evaluation.redaction` measures the redaction of identifiers: what is missed, false alarms and time.

Asks its own bank and every question, phrasing and example that comes with the project. Writes docs/results/redaction.md.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evaluation.red_flags import read_phrasings
from knowledge.clinic import read_clinic
from language.redaction import Redacted, redact

BANK = Path("evaluation/banks/identifiers.jsonl")
CLINIC = Path("data/clinic.yml")
BANKS = (Path("evaluation/questions"), Path("evaluation/fitting"))
PAGE = Path("docs/results/redaction.md")

TODAY = date(2026, 11, 21)
"""What counts as a date of birth depends on the day."""

LONG_TEXTS = 200
LONG_CHARACTERS = 1000
TIMED_AGAIN = 5
"""Each text is timed so often, and the least counts: other processes share the machine."""

SEED = 6

FIRST = {
    "A": "80 of 80 and 1 of 92; the rules were made with such forms in mind",
    "B": "84 of 84 and 1 of 98",
}
"""Found and falsely alarmed on each half when it was first run, before its messages had been used for mending."""


@dataclass(frozen=True)
class Message:
    """A message of the bank.

    Attributes:
        identifiers: kind and text of each one; empty for a look-alike.
    """

    text: str
    half: str
    identifiers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Checked:
    """A message with what became of it."""

    message: Message
    redacted: Redacted

    @property
    def is_right(self) -> bool:
        """Every identifier is gone; of a look-alike nothing is."""
        if not self.message.identifiers:
            return not self.redacted.kinds
        return all(text not in self.redacted.text for _, text in self.message.identifiers)

    @property
    def is_named_rightly(self) -> bool:
        """The visitor is told the right kinds."""
        return {kind for kind, _ in self.message.identifiers} == set(self.redacted.kinds)


def read_bank(path: Path = BANK) -> list[Message]:
    """Return the messages of a bank."""
    entries = map(json.loads, filter(str.strip, path.read_text(encoding="utf-8").splitlines()))
    return [
        Message(entry["text"], entry["half"], tuple((each["kind"], each["text"]) for each in entry.get("identifiers", ())))
        for entry in entries
    ]


def check_all(messages: Sequence[Message]) -> list[Checked]:
    """Return every message with what became of it."""
    own = read_clinic(CLINIC).numbers.values()
    return [Checked(message, redact(message.text, keep=own, today=TODAY)) for message in messages]


def ordinary_texts() -> Iterator[str]:
    """Yield every phrasing, example and question of the project; none of them holds an identifier but one birthday."""
    yield from (text for _, text in read_phrasings())
    for folder in BANKS:
        for path in sorted(folder.glob("*.jsonl")):
            yield from (json.loads(line)["question"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def milliseconds(text: str) -> float:
    """Return the processor time of one redaction."""
    return min(_once(text) for _ in range(TIMED_AGAIN))


def _once(text: str) -> float:
    started = time.thread_time()
    redact(text)
    return (time.thread_time() - started) * 1000


def main() -> int:
    """Measure, write the page, and return 1 when something of the bank is missed or a look-alike is changed."""
    checked = check_all(read_bank())
    ordinary = list(ordinary_texts())
    PAGE.write_text(
        "\n\n".join([_HEAD, _of_bank(checked), _first(), _of_ordinary(ordinary), _times(ordinary, checked)]) + "\n", encoding="utf-8"
    )
    print(f"{_summary(checked)}\nWrote {PAGE}")
    return 0 if all(each.is_right for each in checked) else 1


_HEAD = """# Redaction of identifiers

Written by `make redaction`. The bank and the rules were written by the same hand, so its figures say what the rules were made to do;
the first results say a little more. Names, street addresses and numbers in words are not looked for ([privacy](../privacy.md))."""


def _summary(checked: Sequence[Checked]) -> str:
    with_identifiers = [each for each in checked if each.message.identifiers]
    look_alikes = [each for each in checked if not each.message.identifiers]
    found, named = _part(with_identifiers, lambda each: each.is_right), _part(with_identifiers, lambda each: each.is_named_rightly)
    return f"found {found}, kind named rightly {named}, false alarms {_part(look_alikes, lambda each: not each.is_right)}"


def _part(checked: Sequence[Checked], counts: Callable[[Checked], bool]) -> str:
    return f"{sum(map(counts, checked))} of {len(checked)} ({sum(map(counts, checked)) / len(checked):.1%})" if checked else "–"


def _of_bank(checked: Sequence[Checked]) -> str:
    rows = ["## `identifiers.jsonl`", "", "| | all identifiers gone | kind named rightly | false alarms |", "|---|---|---|---|"]
    kinds = dict.fromkeys(kind for each in checked for kind, _ in each.message.identifiers)
    groups = [(kind, [each for each in checked if kind in dict(each.message.identifiers)]) for kind in kinds]
    for name, members in [*groups, ("look-alikes", [each for each in checked if not each.message.identifiers]), ("**all**", list(checked))]:
        some = [each for each in members if each.message.identifiers]
        rest = [each for each in members if not each.message.identifiers]
        found, named = _part(some, lambda each: each.is_right), _part(some, lambda each: each.is_named_rightly)
        rows.append(f"| {name} | {found} | {named} | {_part(rest, lambda each: not each.is_right)} |")
    wrong = [f"- {each.message.text} → {each.redacted.text}" for each in checked if not each.is_right]
    return "\n".join([*rows, *(["", *wrong] if wrong else [])])


def _first() -> str:
    lines = [f"- {half}: {result}" for half, result in FIRST.items()]
    return "\n".join(["## First results", "", "Found and false alarms of each half when it was first run:", "", *lines])


def _of_ordinary(texts: Sequence[str]) -> str:
    changed = [(text, redact(text, today=TODAY)) for text in texts]
    lines = [f"- {text} → {redacted.text}" for text, redacted in changed if redacted.kinds]
    return "\n".join(
        [f"## Questions of the project\n\nOf {len(texts):,} phrasings, examples and questions, {len(lines)} changed:", "", *lines]
    )


def _times(ordinary: Sequence[str], checked: Sequence[Checked]) -> str:
    chance = random.Random(SEED)
    bank = [each.message.text for each in checked]
    rows = ["## Time", "", "Milliseconds of processor time of one redaction.", "", "| | median | 95 % |", "|---|---|---|"]
    groups = {
        "a question as it comes": chance.sample(list(ordinary), LONG_TEXTS),
        "a message of the bank": bank,
        "1,000 characters of questions": [_long(ordinary, chance) for _ in range(LONG_TEXTS)],
        "1,000 characters of nothing but identifiers and look-alikes": [_long(bank, chance) for _ in range(LONG_TEXTS)],
    }
    for name, texts in groups.items():
        times = sorted(map(milliseconds, texts))
        rows.append(f"| {name} | {times[len(times) // 2]:.2f} | {times[int(len(times) * 0.95)]:.2f} |")
    return "\n".join(rows)


def _long(pieces: Sequence[str], chance: random.Random) -> str:
    return re.sub(r"\s+", " ", " ".join(chance.choices(pieces, k=LONG_CHARACTERS // 5)))[:LONG_CHARACTERS]


if __name__ == "__main__":
    sys.exit(main())
