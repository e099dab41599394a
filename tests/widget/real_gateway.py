"""The real gateway as a process, over a database with the shipped knowledge, for tests in a browser."""

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager

from evaluation import processes

SECRET = "a-shared-secret-for-the-browser-tests"
CONTACT_KEY = base64.urlsafe_b64encode(b"a key that seals nothing of worth"[:32]).decode()


def environment(database_url: str, **more: str) -> dict[str, str]:
    """The variables of a process that shares the database; those of this machine's own installation are left out."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("FRONTDESK_")}
    own = {"FRONTDESK_DATABASE_URL": database_url, "FRONTDESK_RASA_SECRET": SECRET, "FRONTDESK_CONTACT_KEYS": CONTACT_KEY}
    return known | processes.ONE_THREAD | own | {f"FRONTDESK_{name}": value for name, value in more.items()}


@contextmanager
def running_gateway(database_url: str, **more: str) -> Iterator[str]:
    """Gives the address of a gateway that serves; without `RASA_URL` and `ACTIONS_URL` it finds neither."""
    port, nowhere = processes.free_port(), f"http://127.0.0.1:{processes.free_port()}"
    variables = environment(database_url, **{"PORT": str(port), "RASA_URL": nowhere, "ACTIONS_URL": f"{nowhere}/webhook", **more})
    address = f"http://127.0.0.1:{port}"
    with processes.running([".venv/bin/python", "-m", "gateway"], variables, f"{address}/api/health"):
        yield address
