"""Starts the action server and Rasa for a measurement or a test, on ports of their own, and stops them."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import httpx

from desk.encryption import new_key
from evaluation.assistant import Assistant, AssistantUnreachable
from evaluation.visitor import Visitor

READY_SECONDS = 300
"""The very first start encodes all phrasings; that takes a minute on a busy machine."""
STOP_SECONDS = 20
MODEL = Path("models/frontdesk.tar.gz")

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""As deploy/supervisord.conf starts them: on few cores, waiting threads of numpy and onnxruntime cost more than they bring."""

LIMITS = ("CONVERSATIONS", "MESSAGES", "MESSAGES_OF_ADDRESS", "COST", "COST_OF_ADDRESS", "HANDOFFS", "HANDOFFS_OF_ADDRESS")
UNLIMITED = {f"FRONTDESK_LIMIT_{what}": "1000000/1 minute" for what in LIMITS}
"""All visitors of a measurement have one address."""

NewConversation = Callable[[], Assistant]


@contextmanager
def assistant_for_measuring(**environment: str) -> Iterator[NewConversation]:
    """Give a function that begins a conversation with an assistant of our own.

    Args:
        environment: variables for both processes, such as FRONTDESK_DATABASE_URL.

    Raises:
        AssistantUnreachable: a process ended or did not get ready; what it printed follows.
    """
    actions_port = int(environment.get("FRONTDESK_ACTIONS_PORT") or free_port())
    secret, rasa_port = secrets.token_urlsafe(24), free_port()
    variables = {
        **os.environ,
        **ONE_THREAD,
        "FRONTDESK_RASA_SECRET": secret,
        "FRONTDESK_ACTIONS_PORT": str(actions_port),
        "FRONTDESK_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
        **environment,
    }
    with (
        running([".venv/bin/python", "-m", "actions"], variables, f"http://127.0.0.1:{actions_port}/ready"),
        running(rasa_command(rasa_port), variables, f"http://127.0.0.1:{rasa_port}/webhooks/frontdesk/"),
    ):
        yield lambda: Assistant(f"http://127.0.0.1:{rasa_port}", secret)


@contextmanager
def chat_for_measuring(**environment: str) -> Iterator[Callable[[], Visitor]]:
    """Give a function that begins a conversation through a gateway of our own, as a visitor's browser does.

    Raises:
        AssistantUnreachable: as `assistant_for_measuring`.
    """
    port, actions_port = free_port(), free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        "FRONTDESK_ACTIONS_PORT": str(actions_port),
        "FRONTDESK_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
    } | environment
    with assistant_for_measuring(**environment) as new_conversation:
        assistant = new_conversation()
        variables = os.environ | {
            "FRONTDESK_RASA_URL": assistant.address,
            "FRONTDESK_RASA_SECRET": assistant.secret,
            "FRONTDESK_PORT": str(port),
            "FRONTDESK_CONTACT_KEYS": new_key(),
            **environment,
        }
        with running([".venv/bin/python", "-m", "gateway"], variables, f"{address}/api/ready"):
            yield lambda: Visitor(address)


def rasa_command(port: int) -> list[str]:
    """Return what starts Rasa with our model on `port`."""
    return [".venv-bot/bin/python", "-W", "ignore", "-m", "bot", "run", "--model", str(MODEL), "--port", str(port)]


@contextmanager
def running(command: list[str], variables: dict[str, str], address: str) -> Iterator[subprocess.Popen[str]]:
    """Give a process that answers at `address`, and end it on leaving.

    Raises:
        AssistantUnreachable: as `assistant_for_measuring`.
    """
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, env=variables, stdout=log, stderr=subprocess.STDOUT, text=True)
        try:
            _wait_until_ready(process, address, log)
            yield process
        finally:
            stop_process(process)


def stop_process(process: subprocess.Popen[Any]) -> None:
    """End a process, by force when it does not end within STOP_SECONDS."""
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until_ready(process: subprocess.Popen[str], address: str, log: IO[str]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            log.seek(0)
            raise AssistantUnreachable(f"A process ended at its start:\n{log.read()}")
        if is_ready(address):
            return
        time.sleep(0.1)
    raise AssistantUnreachable(f"{address} is not ready after {READY_SECONDS} seconds.")


def is_ready(address: str) -> bool:
    """Say whether `address` answers with success at this moment."""
    try:
        return httpx.get(address, timeout=2).is_success
    except httpx.HTTPError:
        return False


def free_port() -> int:
    """Return a port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
