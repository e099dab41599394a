"""Starts our assistant and the stock one, each on ports of its own, and stops them."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.benchmark.client import Channel, Client, MessageFailed, Replies, new_conversation
from evaluation.benchmark.errors import BenchmarkFailed
from evaluation.benchmark.memory import MEGABYTE, tree_bytes
from evaluation.benchmark.stock_project import REPLIES
from evaluation.benchmark.training import PYTHON, QUIET
from evaluation.processes import ONE_THREAD, free_port, is_ready, rasa_command, stop_process

READY_SECONDS = 180
POLL_SECONDS = 0.05
SHOWN = 2000
"""Characters of a log that are shown from each end."""

FIRST_QUESTION = "how long is recovery?"


@dataclass
class Running:
    """An assistant that answers.

    Attributes:
        start_seconds: from the start of Rasa's process to its first answer.
        pids: of Rasa, and of the action server if there is one.
    """

    channel: Channel
    start_seconds: float
    pids: dict[str, int]

    def memory_mb(self) -> dict[str, float]:
        """Return the resident memory of each process at this moment."""
        return {name: tree_bytes(pid) / MEGABYTE for name, pid in self.pids.items()}


@contextmanager
def ours(rasa: Callable[[int], list[str]] = rasa_command) -> Iterator[Running]:
    """Run our assistant; the action server is ready before Rasa's time begins. `rasa` says how Rasa is started on a port.

    Raises:
        BenchmarkFailed: a process ended or did not get ready.
    """
    secret, actions_port, rasa_port = secrets.token_urlsafe(24), free_port(), free_port()
    variables = {
        **ONE_THREAD,
        "FRONTDESK_RASA_SECRET": secret,
        "FRONTDESK_ACTIONS_PORT": str(actions_port),
        "FRONTDESK_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
        "PYTHONPATH": ".",
    }
    channel = Channel(
        rasa_port,
        "/webhooks/frontdesk/webhook",
        write=lambda conversation, text: {"conversation_id": conversation, "kind": "text", "text": text},
        read=lambda body: list(body["messages"]),
        headers={"X-Frontdesk-Secret": secret},
    )
    actions = [".venv/bin/python", "-m", "actions"]
    with (
        _process(actions, variables, lambda: is_ready(f"http://127.0.0.1:{actions_port}/ready")) as (actions_pid, _),
        _process(rasa(rasa_port), variables, lambda: _answers(channel)) as (pid, seconds),
    ):
        yield Running(channel, seconds, {"Rasa": pid, "action server": actions_pid})


@contextmanager
def stock(folder: Path) -> Iterator[Running]:
    """Run the stock assistant that was trained in `folder`.

    Raises:
        BenchmarkFailed: it ended or did not get ready.
    """
    port = free_port()
    # --enable-api opens /model/parse, which tells the confidences; messages take the same way with and without it.
    options = ["--model", "models/stock.tar.gz", "--port", str(port), "--interface", "127.0.0.1", "--enable-api"]
    channel = stock_channel(port, json.loads((folder / REPLIES).read_text(encoding="utf-8")))
    command = [str(PYTHON), "-m", "rasa", "run", *options]
    with _process(command, QUIET, lambda: _answers(channel), folder) as (pid, seconds):
        yield Running(channel, seconds, {"Rasa": pid})


def stock_channel(port: int, known: Mapping[str, Mapping[str, str]]) -> Channel:
    """Return Rasa's `rest` channel. It tells no kind, and sends each paragraph as a message: the whole text tells the kind."""
    kinds = {_plain(reply["text"]): reply["kind"] for reply in known.values()}

    def read(messages: Any) -> Replies:
        text = "\n\n".join(message.get("text", "") for message in messages)
        return [{"kind": kinds.get(_plain(text), "text"), "text": text}] if text else []

    return Channel(port, "/webhooks/rest/webhook", lambda conversation, text: {"sender": conversation, "message": text}, read)


def _plain(text: str) -> str:
    return " ".join(text.split())


def start_often(start: Callable[[], AbstractContextManager[Running]], times: int) -> list[float]:
    """Start and stop an assistant `times` times, and return the seconds to the first answer of each."""
    seconds = []
    for _ in range(times):
        with start() as running:
            seconds.append(running.start_seconds)
    return seconds


@contextmanager
def _process(
    command: list[str], variables: Mapping[str, str], is_ready: Callable[[], bool], folder: Path = Path()
) -> Iterator[tuple[int, float]]:
    with tempfile.TemporaryFile("w+") as log:
        began = time.monotonic()
        process = subprocess.Popen(command, env={**os.environ, **variables}, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        try:
            while not is_ready():
                if process.poll() is not None or time.monotonic() - began > READY_SECONDS:
                    log.seek(0)
                    raise BenchmarkFailed(f"{' '.join(command)} did not get ready:\n{_shortened(log.read())}")
                time.sleep(POLL_SECONDS)
            yield process.pid, time.monotonic() - began
        finally:
            stop_process(process)


def _shortened(log: str) -> str:
    """The cause stands at the beginning, or at the end."""
    return log if len(log) <= 2 * SHOWN else f"{log[:SHOWN]}\n…\n{log[-SHOWN:]}"


def _answers(channel: Channel) -> bool:
    client = Client(channel)
    try:
        return bool(client.say(new_conversation(), FIRST_QUESTION))
    except MessageFailed:
        return False
    finally:
        client.close()
