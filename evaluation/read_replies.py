"""`python -m evaluation.read_replies BANK` asks questions without expected replies, and shows what a reader said of each reply.

The verdicts stand in evaluation/questions/<bank>-verdicts.yml, by the question's id and by the reply that was read: a reply that
nobody has read counts as unread, and the page lists it. Writes docs/results/<bank>-questions.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.progress import track

from evaluation.assistant import AssistantUnreachable
from evaluation.processes import chat_for_measuring

VERDICTS = Path("evaluation/questions")
RESULTS = Path("docs/results")

MEANINGS = {
    "right": "the reply answers the question",
    "in part": "the reply answers a part of it, and nothing in it is beside the point",
    "choice": "the assistant asked back, and the right answer was among the choices",
    "refused": "an honest refusal: there is no approved answer, or it is a question for a doctor",
    "no help": "the assistant asked back, and no choice was right; nothing wrong was said",
    "wrong": "an answer on something else than was asked",
    "unread": "nobody has read this reply yet",
}
"""What a reader may say of a reply, best first."""


@dataclass(frozen=True)
class Read:
    """A question, its reply in short (`answer recovery/pain + answer risks/general`), and what was said of it."""

    id: str
    question: str
    reply: str
    verdict: str
    why: str


def main() -> int:
    """Return 1, with what to do, when a file is missing or the assistant cannot be reached."""
    parser = argparse.ArgumentParser(prog="evaluation.read_replies", description=__doc__)
    parser.add_argument("bank", type=Path, help="JSON lines with id and question")
    bank = parser.parse_args().bank
    try:
        entries = [json.loads(line) for line in bank.read_text(encoding="utf-8").splitlines()]
        verdicts = yaml.safe_load((VERDICTS / f"{bank.stem}-verdicts.yml").read_text(encoding="utf-8"))
        with chat_for_measuring() as new_conversation:
            read = [read_reply(entry, new_conversation().say(entry["question"]), verdicts) for entry in track(entries)]
    except (AssistantUnreachable, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    page = RESULTS / f"{bank.stem}-questions.md"
    page.write_text(report(bank.name, read), encoding="utf-8")
    Console().print("\n".join(counted(read)))
    return 0


def read_reply(entry: dict[str, Any], replies: list[dict[str, Any]], verdicts: dict[str, dict[str, list[str]]]) -> Read:
    """Return what was said of just this reply; `unread` when the question was answered otherwise then."""
    reply = " + ".join(in_short(reply) for reply in replies if reply["kind"] != "handoff") or "handoff"
    verdict, why = verdicts.get(entry["id"], {}).get(reply, ["unread", ""])
    return Read(entry["id"], entry["question"], reply, verdict, why)


def in_short(reply: dict[str, Any]) -> str:
    """Return the kind, and the answer's id where it is one."""
    return f"answer {reply['answer']['id']}" if reply["answer"] else str(reply["kind"])


def counted(read: list[Read]) -> list[str]:
    """Return the table of verdicts."""
    counts = Counter(each.verdict for each in read)
    rows = [f"| {name} | {counts[name]} | {meaning} |" for name, meaning in MEANINGS.items() if counts[name] or name != "unread"]
    return ["| verdict | questions | meaning |", "|---|---|---|", *rows]


def report(name: str, read: list[Read]) -> str:
    """Return the page."""
    head = [
        f"# Real questions, `{name}`",
        "",
        f"Written by `python -m evaluation.read_replies`: {len(read)} questions that real people asked on public pages, each the first of",
        "a conversation. Every reply was read and judged once, by no clinician, and by the same hand that wrote answers.",
        "",
    ]
    rows = [f"| {each.id} | {each.question} | {each.reply} | {each.verdict} | {each.why} |" for each in read]
    return "\n".join([*head, *counted(read), "", "| id | question | reply | verdict | why |", "|---|---|---|---|---|", *rows, ""])


if __name__ == "__main__":
    sys.exit(main())
