"""Rasa is killed in the middle of a conversation, and comes back: real processes, real browser."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import BrowserContext, expect

from evaluation import processes
from evaluation.own_database import shipped_knowledge
from tests.widget.panel_driver import Visitor
from tests.widget.real_gateway import environment, running_gateway

pytest_plugins = ["tests.widget.fixtures"]
pytestmark = [pytest.mark.slow, pytest.mark.end_to_end]

SEEN_WITHIN_MS = 3_000
"""What the visitor is to do is on the screen by then (issue "The public face")."""

ANSWER_MS = 15_000


@dataclass
class Assistant:
    """Rasa with its action server, and the gateway before them."""

    address: str
    rasa: "RasaProcess"


@dataclass
class RasaProcess:
    """A Rasa that can be killed and started again on its port."""

    database_url: str
    actions_url: str
    port: int = field(default_factory=processes.free_port)
    started: AbstractContextManager[subprocess.Popen[str]] | None = None
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        variables = environment(self.database_url, ACTIONS_URL=self.actions_url)
        self.started = processes.running(processes.rasa_command(self.port), variables, f"http://127.0.0.1:{self.port}/webhooks/frontdesk/")
        self.process = self.started.__enter__()

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.started is not None:
            self.started.__exit__(None, None, None)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    if not processes.MODEL.exists():
        pytest.fail("There is no trained model. Run: make train")
    database_url, port = shipped_knowledge(tmp_path_factory.mktemp("outage")), processes.free_port()
    ready, actions_url = f"http://127.0.0.1:{port}/ready", f"http://127.0.0.1:{port}/webhook"
    with ExitStack() as stack:
        actions = environment(database_url, ACTIONS_PORT=str(port))
        stack.enter_context(processes.running([".venv/bin/python", "-m", "actions"], actions, ready))
        rasa = RasaProcess(database_url, actions_url)
        stack.callback(rasa.stop)
        rasa.start()
        rasa_url = f"http://127.0.0.1:{rasa.port}"
        yield Assistant(stack.enter_context(running_gateway(database_url, RASA_URL=rasa_url, ACTIONS_URL=actions_url)), rasa)


def test_conversation_outlives_rasa(assistant: Assistant, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(assistant.address)
    visitor = Visitor(page)
    visitor.open()
    visitor.ask("How long is recovery after gracilis surgery?")
    expect(visitor.replies.last.get_by_role("heading")).to_be_visible(timeout=ANSWER_MS)

    assistant.rasa.kill()
    asked_at = time.monotonic()
    visitor.ask("What are the risks of an eyelid weight?")
    expect(visitor.replies.last).to_contain_text("No automatic answer right now", timeout=SEEN_WITHIN_MS)
    assert time.monotonic() - asked_at < SEEN_WITHIN_MS / 1000
    expect(visitor.replies.last.get_by_role("link", name="Call +1 312-555-0142")).to_be_in_viewport()
    visitor.keep_picture("real-unavailable")

    assistant.rasa.stop()
    assistant.rasa.start()
    visitor.ask("What are the risks of an eyelid weight?")
    expect(visitor.replies.last.get_by_role("heading")).to_contain_text("risk", ignore_case=True, timeout=ANSWER_MS)
    page.reload()
    expect(page.locator("frontdesk-chat .from-visitor")).to_have_count(3)
    expect(visitor.replies).to_have_count(4)
    visitor.keep_picture("real-back-again")
