"""The process itself: it starts, serves, and goes down without losing anybody's reply."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from desk.encryption import new_key
from gateway.__main__ import main
from gateway.settings import Settings
from tests.gateway.fakes import SECRET

pytestmark = pytest.mark.slow

KEY = new_key()
ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def start(**environment: str) -> subprocess.Popen[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("FRONTDESK_")}
    own = {f"FRONTDESK_{name}": value for name, value in environment.items()}
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-m", "gateway"], cwd=ROOT, env=known | own, stdout=pipe, stderr=pipe, text=True)


@pytest.fixture
def served(settings: Settings) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    port = free_port()
    process = start(
        DATABASE_URL=settings.database_url, RASA_SECRET=SECRET, PORT=str(port), RASA_URL=f"http://127.0.0.1:{free_port()}", CONTACT_KEYS=KEY
    )
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10, trust_env=False)
    for _ in range(100):
        try:
            client.get("/api/health")
            break
        except httpx.ConnectError:
            time.sleep(0.1)
    yield process, client
    process.kill()
    process.communicate()


@pytest.mark.enable_socket
def test_sigterm_ends_streams_and_then_the_process(served: tuple[subprocess.Popen[str], httpx.Client]) -> None:
    process, client = served
    started = client.post("/api/conversations", json={}).json()
    headers = {"Authorization": f"Bearer {started['token']}"}
    received: list[str] = []

    def listen() -> None:
        with client.stream("GET", f"/api/conversations/{started['conversation_id']}/events", headers=headers) as response:
            received.extend(response.iter_lines())

    listener = threading.Thread(target=listen)
    listener.start()
    time.sleep(0.3)
    body = {"text": "Hello", "client_message_id": "0b0e1b3e-7d43-4d4e-9d0e-0b0e1b3e7d43"}
    reply = client.post(f"/api/conversations/{started['conversation_id']}/messages", json=body, headers=headers).json()
    assert reply["messages"][0]["kind"] == "unavailable"
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=8) in {0, -signal.SIGTERM}
    listener.join(timeout=2)
    events = [json.loads(line.removeprefix("data: ")) for line in received if line.startswith("data: ")]
    assert [event["sender"] for event in events] == ["visitor", "bot"]


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "FRONTDESK_RASA_SECRET is missing"),
        ({"RASA_SECRET": SECRET}, "FRONTDESK_CONTACT_KEYS is missing"),
        ({"RASA_SECRET": SECRET, "CONTACT_KEYS": "short"}, "FRONTDESK_CONTACT_KEYS cannot be used"),
        ({"RASA_SECRET": SECRET, "CONTACT_KEYS": KEY, "CLINIC_FILE": "none.yml"}, "none.yml cannot be read"),
        ({"RASA_SECRET": SECRET, "CONTACT_KEYS": KEY, "DATABASE_URL": "{ready}", "CLINIC_FILE": "{tmp}/clinic.yml"}, "lacks `crisis_line`"),
        ({"RASA_SECRET": SECRET, "CONTACT_KEYS": KEY, "DATABASE_URL": "sqlite:////proc/none.db"}, "cannot be opened"),
        ({"RASA_SECRET": SECRET, "CONTACT_KEYS": KEY, "DATABASE_URL": "sqlite:///{tmp}/empty.db"}, "make migrate"),
    ],
)
def test_start_is_refused_with_a_sentence(
    environment: dict[str, str],
    sentence: str,
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    clinic = Path("data/clinic.yml").read_text(encoding="utf-8").splitlines()
    (tmp_path / "clinic.yml").write_text("\n".join(line for line in clinic if not line.startswith("crisis_line")), encoding="utf-8")
    for name in [name for name in os.environ if name.startswith("FRONTDESK_")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(f"FRONTDESK_{name}", value.format(tmp=tmp_path, ready=settings.database_url))
    monkeypatch.setattr("gateway.logs.configure", lambda _: None)
    assert main() == 1
    assert sentence in capsys.readouterr().err
