"""The real Rasa process with our model, and an action server that fails in every way it can."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from evaluation.processes import free_port, is_ready, rasa_command, stop_process

SECRET = "a-shared-secret-for-tests"
START_SECONDS = 180

FAILURES: dict[str, tuple[int, bytes]] = {
    "fails": (500, b'{"error": "failed"}'),
    "rejects": (400, b'{"error": "rejected", "action_name": "action_answer_question"}'),
    "does not know it": (404, b'{"error": "unknown action"}'),
    "moved": (307, b""),
    "no JSON": (200, b"<html>"),
    "nothing": (200, b""),
    "a list": (200, b"[]"),
    "no responses": (200, b'{"events": 5}'),
    "wrong responses": (200, b'{"events": [], "responses": "Quetzalword7391"}'),
    "an unknown event": (200, b'{"events": [{"event": "no such event"}], "responses": []}'),
    "says nothing": (200, b'{"events": [], "responses": []}'),
}
"""What an action server may answer when it does not answer."""


class ScriptedActions:
    """An action server that keeps what it is asked, and answers as `mood` says: `works`, a name of FAILURES, or `hangs`."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.mood = "works"
        self.events: list[dict[str, Any]] = []
        self.go_on = threading.Event()
        actions = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                actions.asked.append(call)
                mood = actions.mood
                if mood == "hangs":
                    actions.go_on.wait(60)
                status, body = actions.reply() if mood in ("works", "hangs") else FAILURES[mood]
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_port}/webhook"

    def reply(self) -> tuple[int, bytes]:
        """Return what an action that works answers."""
        response = {"text": "An answer.", "custom": {"kind": "answer"}}
        return 200, json.dumps({"events": self.events, "responses": [response]}).encode()


class LockedRasa:
    """A running Rasa, spoken to with or without its secret."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], log: Path, actions: ScriptedActions) -> None:
        self.port, self.process, self.log, self.actions = port, process, log, actions
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False)

    def post(self, body: Any, secret: str | None = SECRET, **headers: str) -> httpx.Response:
        """Post bytes, or anything as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        known = {"Content-Type": "application/json"} | ({"X-Frontdesk-Secret": secret} if secret else {})
        return self.client.post("/webhooks/frontdesk/webhook", content=content, headers=known | headers)

    def say(self, text: str, conversation_id: str, kind: str = "text") -> httpx.Response:
        """Post a message as the gateway does."""
        return self.post({"conversation_id": conversation_id, "kind": kind, "text": text})

    def is_alive(self) -> bool:
        """Say whether the process runs and answers."""
        return self.process.poll() is None and self.say("hello", "a" * 32).status_code == 200


@contextmanager
def locked_rasa(folder: Path, **environment: str) -> Iterator[LockedRasa]:
    """Start Rasa as deploy/supervisord.conf does; its output goes to `folder`/rasa.log."""
    actions, port, log = ScriptedActions(), free_port(), folder / "rasa.log"
    own = {"FRONTDESK_RASA_SECRET": SECRET, "FRONTDESK_ACTIONS_URL": actions.address, "OMP_NUM_THREADS": "1"}
    with log.open("wb") as output:
        process = subprocess.Popen(rasa_command(port), env=os.environ | own | environment, stdout=output, stderr=subprocess.STDOUT)
        rasa = LockedRasa(port, process, log, actions)
        try:
            _wait(rasa)
            yield rasa
        finally:
            actions.go_on.set()
            stop_process(process)
            actions.server.shutdown()
            rasa.client.close()


def _wait(rasa: LockedRasa) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert rasa.process.poll() is None, f"Rasa ended at its start:\n{rasa.log.read_text()}"
        if is_ready(f"http://127.0.0.1:{rasa.port}/webhooks/frontdesk/"):
            return
        time.sleep(0.2)
    raise AssertionError("Rasa did not start in time")
