"""Marked strings go through the desk, e-mail, webhook, backup and erasure of real processes, and may turn up only where they belong."""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from aiosmtpd.controller import Controller
from cryptography.fernet import Fernet

from database.base import now
from database.engine import open_database, transaction
from desk import staff
from desk.encryption import new_key
from tests.end_to_end.canary import ROOT, HearingRasa, Process, free_port, gateway_process
from tests.end_to_end.test_canary import tables_with

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

SAID, REPLY, NOTE, WISH = "Quetzalword7391", "Yolandareply7391", "Octaviannote7391", "Jessaminewish7391"
NAME, PHONE, DIGITS, EMAIL = "Wilhelminaname7391", "312-555-0178", "5550178", "vanessamark7391@example.org"
MARKS = (SAID, REPLY, NOTE, WISH, NAME, PHONE, DIGITS, EMAIL)
PASSWORD = "seven quiet herons of 7391"
LOGIN = "danalogin7391"
IN_TABLES = {
    SAID: {"messages", "handoffs", "offered_buttons", "unanswered_questions"},
    REPLY: {"messages"},
    NOTE: {"handoff_notes"},
    WISH: {"handoffs"},
}


@dataclass
class Outside:
    """A mail server and a webhook, and what they were sent."""

    mails: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        self.mails.append(envelope.content.decode())
        return "250 OK"


@pytest.fixture
def outside() -> Iterator[tuple[Outside, dict[str, str]]]:
    """The outside, and the settings that lead there; what they let out is left at its default."""
    outside = Outside()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            outside.events.append(f"{self.path} {self.headers} {body}")
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    mail = Controller(outside, hostname="127.0.0.1", port=free_port())
    mail.start()
    yield (
        outside,
        {
            "FRONTDESK_SMTP_HOST": "127.0.0.1",
            "FRONTDESK_SMTP_PORT": str(mail.port),
            "FRONTDESK_SMTP_SECURITY": "none",
            "FRONTDESK_MAIL_FROM": "desk@example.org",
            "FRONTDESK_MAIL_TO": "staff@example.org",
            "FRONTDESK_WEBHOOK_URL": f"http://127.0.0.1:{server.server_port}/events",
            "FRONTDESK_WEBHOOK_SECRET": "a-secret-of-the-webhook-tests",
            "FRONTDESK_WEBHOOK_ALLOW_PRIVATE": "true",
        },
    )
    mail.stop()
    server.shutdown()
    server.server_close()


def add_staff(database: Path) -> None:
    engine = open_database(f"sqlite:///{database}")
    with transaction(engine) as session:
        account = staff.create(session, login=LOGIN, name="Dana", role="admin", password=PASSWORD, by=None, at=now())
        account.must_change_password = False
    engine.dispose()


def work_at_the_desk(visitor: Process) -> list[str]:
    """Claim, answer, note, do what is refused, resolve; return the refusals."""
    with httpx.Client(base_url=visitor.client.base_url, timeout=30, trust_env=False) as browser:
        browser.post("/desk/sign-in", data={"login": LOGIN, "password": f"{PASSWORD}{NOTE}"})
        assert browser.post("/desk/sign-in", data={"login": LOGIN, "password": PASSWORD}).status_code == 303
        found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/desk/password").text)
        ids = set(re.findall(r"/desk/handoffs/([0-9A-Z]{26})", browser.get("/desk").text))
        assert found and len(ids) == 1
        form, handoff = {"csrf_token": found.group(1)}, f"/desk/handoffs/{ids.pop()}"
        for verb, more in (("claim", {}), ("reply", {"text": f"{REPLY} here"}), ("note", {"text": f"{NOTE} nobody there"}), ("called", {})):
            response = browser.post(f"{handoff}/{verb}", data=form | more)
            assert response.status_code == 303, f"{verb}: {response.status_code}"
        refused = [
            browser.post(f"{handoff}/reply", data={"text": REPLY}),
            browser.post(f"{handoff}/reply", data=form | {"text": f"{REPLY} " * 1000}),
            browser.post(f"{handoff}/note", data=form | {"text": f"{NOTE} " * 5000}),
            browser.post(f"{handoff}/resolve", data=form | {"outcome": NOTE}),
            browser.post(f"/desk/handoffs/{NOTE}/claim", data=form),
            browser.get(f"/desk/{NOTE}/{EMAIL}", params={"q": PHONE}),
            browser.get("/desk/events", params={"after": NOTE}, headers={"Cookie": f"frontdesk={NOTE}"}),
        ]
        assert browser.post(f"{handoff}/resolve", data=form | {"outcome": "called"}).status_code == 303
        audited = browser.get("/desk/audit").text + browser.get("/desk/deliveries").text
        assert "handoff.resolved" in audited or "resolved" in audited
    return [audited, *(f"{response.status_code} {response.headers} {response.text}" for response in refused if response.is_error)]


def deliver_all(environment: dict[str, str], outside: Outside, output: Path) -> None:
    with output.open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "desk", "deliver"], cwd=ROOT, env=environment, stdout=log, stderr=log)
    until = time.monotonic() + 60
    while time.monotonic() < until and not (outside.mails and len(outside.events) >= 3):
        assert process.poll() is None, output.read_text()
        time.sleep(0.1)
    process.terminate()
    process.wait(timeout=20)
    assert outside.mails and len(outside.events) >= 3


def run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def check_tables(stored: dict[str, set[str]]) -> None:
    """Each mark may stand in its own tables only, and those of free text must stand somewhere."""
    assert {mark for mark, tables in stored.items() if tables} == set(IN_TABLES), "a mark is nowhere, or a contact is in clear"
    assert [mark for mark, tables in stored.items() if not tables <= IN_TABLES.get(mark, set())] == []


def found_in(files: Iterable[Path], *marks: str) -> list[str]:
    return [mark for file in files for mark in marks if mark.encode() in file.read_bytes()]


def test_marks_stay_inside(tmp_path: Path, prepared_file: Path, outside: tuple[Outside, dict[str, str]]) -> None:
    database = Path(shutil.copy(prepared_file, tmp_path / "frontdesk.db"))
    add_staff(database)
    world, leads_out = outside
    own = leads_out | {
        "FRONTDESK_CONTACT_KEYS": Fernet.generate_key().decode(),
        "FRONTDESK_BACKUP_KEY": new_key(),
        "FRONTDESK_LOG_LEVEL": "debug",
    }
    environment = os.environ | own | {"FRONTDESK_DATABASE_URL": f"sqlite:///{database}"}
    with gateway_process(tmp_path / "process", database, HearingRasa().address, **own) as visitor:
        visitor.say(f"{SAID} asks")
        card = {"client_request_id": str(uuid4()), "name": NAME, "phone": PHONE, "email": EMAIL, "consent": True, "wishes": {"about": WISH}}
        assert visitor.call("POST", "/handoffs", json=card).status_code == 201
        shown = work_at_the_desk(visitor)
        metrics = visitor.client.get("/metrics").text
        deliver_all(environment, world, tmp_path / "delivered")
        backed_up = run(environment, "deploy.backup", "--to", str(tmp_path / "copy.backup"))
        stored = {mark: tables_with(database, mark) for mark in MARKS}
        receipt = run(environment, "desk", "erase-person", "--phone", PHONE)
    check_tables(stored)
    places = {
        "the gateway's log": (tmp_path / "process" / "output").read_text(),
        "the worker's log": (tmp_path / "delivered").read_text(),
        "the metrics": metrics,
        "audit, deliveries and refusals": "\n".join([*shown, *visitor.refusals]),
        "e-mails and events": "\n".join([*world.mails, *world.events]),
        "a backup's words": backed_up,
        "the receipt": receipt,
    }
    assert places["the gateway's log"]
    assert [(mark, place) for place, text in places.items() for mark in (*MARKS, PASSWORD) if mark in text] == []
    assert found_in([tmp_path / "copy.backup"], *MARKS, LOGIN) == []
    assert {mark: tables_with(database, mark) for mark in MARKS} == dict.fromkeys(MARKS, set())
    assert found_in(tmp_path.rglob("frontdesk.db*"), *MARKS) == []
