"""The whole of Frontdesk on a database of its own: gateway, Rasa, action server and the delivery worker."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from database.engine import open_database
from desk.encryption import new_key
from evaluation.handoffs.receivers import SECRET, Received
from evaluation.handoffs.supervised import Supervised
from evaluation.own_database import shipped_knowledge
from evaluation.processes import ONE_THREAD, UNLIMITED, free_port, rasa_command

PYTHON = [".venv/bin/python", "-m"]


@dataclass(frozen=True)
class Office:
    """What runs: the gateway's address, the database, and the processes by name."""

    address: str
    engine: Engine
    processes: dict[str, Supervised]

    def wait_until_ready(self) -> None:
        """Return when everything serves (AssistantUnreachable as `Supervised.wait_until_ready`)."""
        for process in self.processes.values():
            process.wait_until_ready()


@contextmanager
def open_office(folder: Path, received: Received) -> Iterator[Office]:
    """Start everything in `folder`, and end it on leaving.

    Raises:
        AssistantUnreachable: a process does not get ready; what it printed follows.
    """
    url = shipped_knowledge(folder)
    engine = open_database(url)
    ports = {name: free_port() for name in ("gateway", "rasa", "actions")}
    variables = _variables(url, ports, received)
    office = Office(f"http://127.0.0.1:{ports['gateway']}", engine, {})
    try:
        for name, (command, ready) in _commands(ports).items():
            office.processes[name] = Supervised(name, command, variables, ready, folder)
        office.wait_until_ready()
        yield office
    finally:
        for process in office.processes.values():
            process.stop()
        engine.dispose()


def _commands(ports: dict[str, int]) -> dict[str, tuple[list[str], str | None]]:
    at = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    return {
        "gateway": ([*PYTHON, "gateway"], f"{at['gateway']}/api/health"),
        "actions": ([*PYTHON, "actions"], f"{at['actions']}/ready"),
        "rasa": (rasa_command(ports["rasa"]), f"{at['rasa']}/webhooks/frontdesk/"),
        "delivery": ([*PYTHON, "desk", "deliver"], None),
    }


def _variables(url: str, ports: dict[str, int], received: Received) -> dict[str, str]:
    own = {
        "DATABASE_URL": url,
        "CONTACT_KEYS": new_key(),
        "PORT": str(ports["gateway"]),
        "RASA_URL": f"http://127.0.0.1:{ports['rasa']}",
        "RASA_SECRET": secrets.token_urlsafe(24),
        "ACTIONS_PORT": str(ports["actions"]),
        "ACTIONS_URL": f"http://127.0.0.1:{ports['actions']}/webhook",
        "WEBHOOK_URL": f"http://127.0.0.1:{received.webhook_port}/",
        "WEBHOOK_SECRET": SECRET,
        "WEBHOOK_ALLOW_PRIVATE": "true",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(received.mail_port),
        "SMTP_SECURITY": "none",
        "MAIL_FROM": "frontdesk@example.org",
        "MAIL_TO": "appointments@example.org",
        "LOG_LEVEL": "warning",
    }
    of_this_machine = {name: value for name, value in os.environ.items() if not name.startswith("FRONTDESK_")}
    return of_this_machine | ONE_THREAD | UNLIMITED | {f"FRONTDESK_{name}": value for name, value in own.items()}
