"""A gateway process with a Rasa of its own that hears everything, for tests that look for what must not be anywhere."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-shared-secret-for-tests"


class HearingRasa:
    """Answers as Rasa's channel does, or as `mood` says; keeps all that it hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.mood = "answers"
        rasa = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                heard = self.rfile.read(int(self.headers["Content-Length"])).decode()
                rasa.heard.append(heard)
                status, body = rasa.reply(json.loads(heard)["text"])
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_port}"

    def reply(self, text: str) -> tuple[int, bytes]:
        """Return status and body: an echo, a fault that quotes the text, or nonsense that does."""
        if self.mood == "fails":
            return 500, f"Traceback: {text}".encode()
        if self.mood == "talks nonsense":
            return 200, f'{{"messages": [{{"kind": "{text}"'.encode()
        button = {"title": f"title {text}", "payload": f'/inform{{"said": "{text}"}}'}
        message = {"kind": "clarify", "text": f"You said {text}", "buttons": [button], "assumed": f"about {text}", "answer": None}
        return 200, json.dumps({"messages": [message]}).encode()


class Process:
    """A running gateway and what one visitor does with it."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.refusals: list[str] = []
        started = client.post("/api/conversations", json={}).json()
        self.id: str = started["conversation_id"]
        self.token: str = started["token"]

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send a request of this visitor; keep the whole response when it is a refusal."""
        headers = {"Authorization": f"Bearer {self.token}"} | more.pop("headers", {})
        response = self.client.request(method, f"/api/conversations/{self.id}{path}", headers=headers, **more)
        if response.is_error:
            self.refusals.append(f"{response.status_code} {response.headers} {response.text}")
        return response

    def say(self, text: str, **more: Any) -> httpx.Response:
        """Post a message."""
        return self.call("POST", "/messages", json={"text": text, "client_message_id": str(uuid4())} | more)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def gateway_process(folder: Path, database: Path, rasa_url: str, command: list[str] | None = None, **environment: str) -> Iterator[Process]:
    """Start a gateway whose output goes to `folder`/output and whose temporary files go to `folder`/temporary; stop it at the end."""
    (folder / "temporary").mkdir(parents=True)
    port = free_port()
    own = {
        "FRONTDESK_DATABASE_URL": f"sqlite:///{database}",
        "FRONTDESK_RASA_SECRET": SECRET,
        "FRONTDESK_CONTACT_KEYS": Fernet.generate_key().decode(),
        "FRONTDESK_RASA_URL": rasa_url,
        "FRONTDESK_PORT": str(port),
        "TMPDIR": str(folder / "temporary"),
    }
    known = {name: value for name, value in os.environ.items() if not name.startswith("FRONTDESK_")}
    with (folder / "output").open("wb") as output:
        started = [*(command or []), sys.executable, "-m", "gateway"]
        process = subprocess.Popen(started, cwd=ROOT, env=known | own | environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
                _wait(client, process)
                yield Process(client)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def _wait(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            client.get("/api/health")
            return
        except httpx.ConnectError:
            assert process.poll() is None, "the gateway did not start"
            time.sleep(0.1)
    raise AssertionError("the gateway did not start in time")
