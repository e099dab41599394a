"""No process of the running product looks up a name, or connects to an address, outside this machine.

Every Python process gets an audit hook that notes what its sockets do. uvloop opens sockets in C, which the hook does not see, so the
processes run on asyncio here; other libraries in C that open sockets of their own would not be seen.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from evaluation.own_database import shipped_knowledge
from evaluation.processes import chat_for_measuring

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end, pytest.mark.enable_socket]

WATCH = """
import os, sys
INSIDE = ("127.", "::1", "localhost", "0.0.0.0", "None", "")
def _watch(event, arguments):
    if event == "socket.connect" and not isinstance(arguments[1], tuple):
        return  # a socket in the file system
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        target = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments
        host = target[0].decode() if isinstance(target[0], bytes) else str(target[0])
        with open(os.environ["WATCHED_FILE"], "a") as file:
            is_inside = host.startswith(INSIDE[:2]) or host in INSIDE
            file.write(f"{'inside' if is_inside else 'OUTSIDE'} {event} {host} {sys.executable} {sys.argv[:1]}\\n")
sys.modules["uvloop"] = None
sys.addaudithook(_watch)
"""


def test_nothing_connects_to_the_outside(tmp_path: Path) -> None:
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH)
    environment = {
        "FRONTDESK_DATABASE_URL": shipped_knowledge(tmp_path),
        "FRONTDESK_CONTACT_KEYS": Fernet.generate_key().decode(),
        "PYTHONPATH": f"{tmp_path}/watch{os.pathsep}{Path.cwd()}",
        "WATCHED_FILE": str(tmp_path / "watched"),
    }
    with chat_for_measuring(**environment) as new_visitor:
        visitor = new_visitor()
        for question in ("how long is recovery after gracilis surgery", "what about the scar", "can i talk to a person", "bonjour"):
            assert visitor.say(question)
    lines = (tmp_path / "watched").read_text().splitlines()
    seen = {python for python in ("/.venv/", "/.venv-bot/") if any(python in line for line in lines)}
    assert seen == {"/.venv/", "/.venv-bot/"}, f"the hook saw nothing: {lines[:20]}"
    assert [line for line in lines if line.startswith("OUTSIDE")] == []
