"""`python -m evaluation.evaluate [bank …]` asks question banks through the chat API, as visitors do, and writes what came of it.

Without a bank, the project's own is asked, and a bank beside the repository where it exists. Starts processes of its
own. Writes docs/results/evaluation-<bank>.md with right, wrong and unanswered by kind and topic, which topics are confused, the
risk-coverage curve with its plot, the calibration error, and all misses.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from database.engine import open_database
from database.errors import DatabaseError
from database.settings import DatabaseSettings
from evaluation import curve
from evaluation.assistant import AssistantUnreachable
from evaluation.bank import BankInvalid, BankQuestion, Verdict, judge, read_bank
from evaluation.processes import chat_for_measuring
from knowledge.building import build_search, read_materials
from knowledge.errors import KnowledgeError
from knowledge.published import read_published
from knowledge.search import Search
from language.errors import LanguageError

OWN = Path("evaluation/questions/own.jsonl")
SHARED = Path("../shared/questions/dev.jsonl")
RESULTS = Path("docs/results")
SHOWN_CHARACTERS = 160

console = Console(soft_wrap=True)


@dataclass(frozen=True)
class Asked:
    """A question with its replies and what they count as."""

    question: BankQuestion
    replies: list[dict[str, Any]]
    verdict: Verdict


def main() -> int:
    """Return 1, with what to do, when a bank is broken or the assistant cannot be reached."""
    parser = argparse.ArgumentParser(prog="evaluation.evaluate", description=__doc__)
    parser.add_argument("banks", nargs="*", type=Path)
    parser.add_argument("--label", default="", help="added to the names of the result files")
    arguments = parser.parse_args()
    banks = arguments.banks or [bank for bank in (SHARED, OWN) if bank.exists()]
    try:
        search = build_search(read_published(open_database(DatabaseSettings().database_url)), read_materials(Path("data")))
        with chat_for_measuring() as new_conversation:
            for bank in banks:
                questions = read_bank(bank)
                asked = [_ask(new_conversation, each) for each in track(questions, description=str(bank))]
                _report(bank, asked, search, arguments.label)
    except (BankInvalid, AssistantUnreachable, DatabaseError, KnowledgeError, LanguageError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _ask(new_conversation: Any, question: BankQuestion) -> Asked:
    conversation = new_conversation()
    if question.previous_turn:
        conversation.say(question.previous_turn)
    replies = conversation.say(question.question)
    return Asked(question, replies, judge(question, replies))


def _report(bank: Path, asked: list[Asked], search: Search, label: str) -> None:
    page = RESULTS / f"evaluation-{bank.stem}{f'-{label}' if label else ''}.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    table = summary(asked)
    curve_points = curve.points(search, [each.question for each in asked])
    drawing = page.with_suffix(".svg")
    curve.draw(drawing, curve_points, search.thresholds.answer)
    lines = [f"# Question bank `{bank.name}`", "", "Written by `make evaluate`.", "", table, "", *_confusions(asked)]
    lines += curve.page(curve_points, search.thresholds.answer, drawing.name) + _misses(asked)
    page.write_text("\n".join([*lines, ""]), encoding="utf-8")
    console.print(table)
    console.print(f"Misses: {page}")


def summary(asked: list[Asked]) -> str:
    """Return right, wrong and unanswered by kind, and by topic for what is in scope."""
    rows = ["| kind | questions | right | wrong | unanswered |", "|---|---|---|---|---|"]
    rows += [_row(kind, [each for each in asked if each.question.kind == kind]) for kind in _values(asked, "kind")]
    inside = [each for each in asked if each.question.kind == "in_scope"]
    rows += ["", "| topic (in scope) | questions | right | wrong | unanswered |", "|---|---|---|---|---|"]
    rows += [_row(topic, [each for each in inside if each.question.topic == topic]) for topic in _values(inside, "topic")]
    return "\n".join(rows)


def _values(asked: list[Asked], attribute: str) -> list[str]:
    return list(dict.fromkeys(str(getattr(each.question, attribute)) for each in asked))


def _row(name: str, asked: list[Asked]) -> str:
    counts = Counter(each.verdict for each in asked)
    shares = " | ".join(f"{counts[verdict]} ({counts[verdict] / len(asked):.1%})" for verdict in Verdict)
    return f"| {name} | {len(asked)} | {shares} |"


def _confusions(asked: list[Asked]) -> list[str]:
    """Which topic was answered instead of the one that was asked about."""
    pairs = Counter(
        (each.question.topic, reply["answer"]["topic"])
        for each in asked
        if each.question.kind == "in_scope" and each.verdict is Verdict.WRONG
        for reply in each.replies
        if reply["answer"]
    )
    rows = [f"| {wanted} | {given} | {count} |" for (wanted, given), count in pairs.most_common()]
    empty = [] if rows else ["No question got a wrong answer.", ""]
    table = ["| asked about | answered on | questions |", "|---|---|---|", *rows, ""] if rows else []
    return ["## Confusion between topics (wrong answers)", "", *empty, *table]


def _misses(asked: list[Asked]) -> list[str]:
    lines = ["## Misses", ""]
    for verdict in (Verdict.WRONG, Verdict.UNANSWERED):
        lines += [f"### {verdict.value}", ""]
        lines += [_miss(each) for each in asked if each.verdict is verdict] + [""]
    return lines


def _miss(asked: Asked) -> str:
    before = f" (after: {asked.question.previous_turn})" if asked.question.previous_turn else ""
    said = "; ".join(_shown(reply) for reply in asked.replies) or "nothing"
    return f"- {asked.question.id} [{asked.question.kind}] {asked.question.question}{before} → {said}"


def _shown(reply: dict[str, Any]) -> str:
    if reply["answer"]:
        return f"{reply['kind']} {reply['answer']['id']}"
    choices = ", ".join(button["title"] for button in reply["buttons"])
    return f"{reply['kind']}: {choices or reply['text'][:SHOWN_CHARACTERS].splitlines()[0]}"


if __name__ == "__main__":
    sys.exit(main())
