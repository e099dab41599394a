"""`python -m evaluation.verify_hostile` sends 10,000 hostile messages through a gateway, Rasa and the action server of its own.

Nothing may fail, run a command, or change a state that is none of a visitor's. Writes docs/results/hostile.md; 1 is the exit status
when something is not as it must be.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text as sql

from database.engine import open_database
from evaluation.hostile import Hostile, hostile_messages
from evaluation.own_database import shipped_knowledge
from evaluation.processes import UNLIMITED, chat_for_measuring
from evaluation.visitor import Visitor
from gateway.text_gate import without_command
from language.redaction import without_placeholders

BOT = [".venv-bot/bin/python", "-W", "ignore"]
PAGE = Path("docs/results/hostile.md")
MESSAGES = 10_000
SEED = 6
IN_A_CONVERSATION = 25
VISITORS = 4
TIMEOUT_SECONDS = 60.0

FIRST = "how long is recovery after gracilis surgery"

NOT_BY_TEXT = {"unavailable", "form"}
"""A form begins with a button only."""


@dataclass
class Outcome:
    """What came of a run.

    Attributes:
        sent: by kind of attack. statuses: HTTP statuses. kinds: of the replies to what was taken.
        faults: what must not be, in words without the text of a message.
        seconds: how long each message took.
    """

    sent: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Add what another conversation brought."""
        self.sent.update(other.sent)
        self.statuses.update(other.statuses)
        self.kinds.update(other.kinds)
        self.faults += other.faults
        self.seconds += other.seconds


def attack(visitor: Visitor, messages: Iterable[Hostile]) -> Outcome:
    """Send messages into one conversation."""
    outcome = Outcome()
    for message in messages:
        begun = time.monotonic()
        response = visitor.post_raw(message.body)
        outcome.seconds.append(time.monotonic() - begun)
        outcome.sent[message.group] += 1
        outcome.statuses[response.status_code] += 1
        replies = response.json()["messages"] if response.is_success else []
        outcome.kinds.update(reply["kind"] for reply in replies)
        outcome.faults += _faults(message, response, replies)
    return outcome


def _faults(message: Hostile, response: httpx.Response, replies: Sequence[dict[str, Any]]) -> list[str]:
    if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        return [f"{message.group}: status {response.status_code}"]
    if message.text is None and response.is_success and b"NaN" in message.body:
        return [f"{message.group}: taken"]
    return [f"{message.group}: {reply['kind']}" for reply in replies if reply["kind"] in NOT_BY_TEXT or reply.get("contact_card")]


def run(number: int, seed: int) -> Outcome:
    """Start everything on a database of its own, attack it, and look at what the attack left behind."""
    with tempfile.TemporaryDirectory() as folder:
        url = shipped_knowledge(Path(folder))
        engine = open_database(url)
        with chat_for_measuring(FRONTDESK_DATABASE_URL=url, **UNLIMITED) as new_visitor:
            outcome = _attack_all(new_visitor, number, seed)
            if not new_visitor().say(FIRST):
                outcome.faults.append("nothing answers after the attack")
        with engine.connect() as connection:
            for table, where in (("handoffs", "1=1"), ("conversations", "owner <> 'bot'"), ("audit_entries", "1=1")):
                count = connection.execute(sql(f"SELECT count(*) FROM {table} WHERE {where}")).scalar_one()
                outcome.faults += [f"{count} rows in {table} where {where}"] if count else []
            stored = connection.execute(sql("SELECT text FROM messages WHERE sender = 'visitor'")).scalars().all()
        outcome.faults += _commands_in(stored, Path(folder))
        engine.dispose()
    return outcome


def _commands_in(stored: Sequence[str], folder: Path) -> list[str]:
    """Ask the installed Rasa whether anything that reached it is a command."""
    told = [without_command(without_placeholders(text)) for text in stored]
    (folder / "told.json").write_text(json.dumps(told), encoding="utf-8")
    done = subprocess.run([*BOT, "-m", "bot.check_texts", str(folder / "told.json")], capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else [f"Rasa: {done.stdout.strip() or 'the check failed'}"]


def _attack_all(new_visitor: Any, number: int, seed: int) -> Outcome:
    rest = hostile_messages(number, seed, lambda: str(uuid.uuid4()))
    parts = list(iter(lambda: list(itertools.islice(rest, IN_A_CONVERSATION)), []))
    outcome = Outcome()
    with ThreadPoolExecutor(VISITORS) as pool:
        for each in pool.map(lambda part: attack(new_visitor(), part), parts):
            outcome.add(each)
    return outcome


def report(outcome: Outcome, number: int) -> str:
    """Return the page."""
    rising = sorted(outcome.seconds)
    rows = [
        "# Hostile messages",
        "",
        f"Written by `python -m evaluation.verify_hostile` (`make verify-hostile`): {number:,} hostile messages through a gateway, Rasa",
        "and the action server, on a database of their own. No reply may be a fault, a form or a contact card. Afterwards there must be no",
        "handoff, no conversation in other hands and no entry in the audit; Rasa's own parser must find no command in any text that",
        "was handed to it; and everything must still answer.",
        "",
        "| kind of attack | messages |",
        "|---|---|",
        *(f"| {group} | {count:,} |" for group, count in sorted(outcome.sent.items())),
        "",
        "| HTTP status | messages |",
        "|---|---|",
        *(f"| {status} | {count:,} |" for status, count in sorted(outcome.statuses.items())),
        "",
        "| kind of reply | messages |",
        "|---|---|",
        *(f"| {kind} | {count:,} |" for kind, count in sorted(outcome.kinds.items())),
        "",
        f"Time of one message: median {rising[len(rising) // 2] * 1000:.0f} ms, longest {rising[-1] * 1000:.0f} ms, {VISITORS} at a time.",
        "",
        f"Faults: {len(outcome.faults)}.",
        *(f"- {fault}: {count}" for fault, count in Counter(outcome.faults).most_common(20)),
    ]
    return "\n".join(rows) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Run, write the page when it was a whole run, and return 1 when there was a fault."""
    parser = argparse.ArgumentParser(prog="verify_hostile", description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    outcome = run(options.messages, options.seed)
    page = report(outcome, options.messages)
    print(page)
    if options.messages >= MESSAGES:
        PAGE.write_text(page, encoding="utf-8")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
