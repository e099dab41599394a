"""Rasa locked in: the real server, attacked in each way that is known to kill, silence or command it (docs/safety.md).

One start for all tests. The action server is a scripted one, since many of the tests are on what it does wrong.
"""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from evaluation.hostile import COMMANDS, HIDDEN, SPACES
from evaluation.processes import MODEL
from gateway.errors import TextEmpty, TextTooLong
from gateway.text_gate import read_text, read_visitor_text, without_command
from language.redaction import without_placeholders
from tests.end_to_end.locked_rasa import FAILURES, LockedRasa, locked_rasa

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]

TURN_SECONDS = 20
"""After so long Rasa's channel breaks a turn off (bot/channel.py)."""

MARK = "Quetzalword7391"
QUESTION = f"how long is recovery after gracilis surgery {MARK}"
_numbers = itertools.count()


@pytest.fixture(scope="module")
def rasa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LockedRasa]:
    """LOG_LEVEL is set as somebody might who looks for a fault: what people say must not be logged even then."""
    if not MODEL.exists():
        pytest.fail("There is no trained model. Run: make train")
    with locked_rasa(tmp_path_factory.mktemp("locked"), LOG_LEVEL="DEBUG") as running:
        yield running


@pytest.fixture
def conversation(rasa: LockedRasa) -> Iterator[str]:
    """A new conversation, with an action server that works."""
    rasa.actions.mood, rasa.actions.events = "works", []
    yield f"conversation-of-the-tests-{next(_numbers):06}"
    rasa.actions.mood = "works"


def kinds(response: Any) -> list[str]:
    return [message["kind"] for message in response.json()["messages"]]


# --- ways in ------------------------------------------------------------------------------------------------------

STOCK = [
    "/webhooks/rest/webhook", "/webhooks/callback/webhook", "/webhooks/socketio/webhook", "/conversations/x/tracker",
    "/conversations/x/tracker/events", "/conversations/x/execute", "/conversations/x/trigger_intent", "/conversations/x/predict",
    "/conversations/x/messages", "/model/train", "/model/parse", "/model/predict", "/model/test/stories", "/model", "/domain", "/status",
    "/version",
]  # fmt: skip


@pytest.mark.parametrize("path", STOCK)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_stock_ways_in_are_closed(rasa: LockedRasa, method: str, path: str) -> None:
    body = {"sender": "x", "message": "/restart"}
    assert rasa.client.request(method, path, json=body, headers={"X-Frontdesk-Secret": "x"}).status_code == 404


@pytest.mark.parametrize("secret", [None, "wrong-secret-0123456789", ""])
def test_own_channel_refuses_without_the_secret(rasa: LockedRasa, conversation: str, secret: str | None) -> None:
    body = {"conversation_id": conversation, "kind": "text", "text": QUESTION}
    assert rasa.post(body, secret).status_code == 403
    assert rasa.client.delete(f"/webhooks/frontdesk/conversations/{conversation}").status_code == 403


def test_rasa_listens_on_loopback_only(rasa: LockedRasa) -> None:
    listening = [
        line.split()[1] for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines() if " 0A " in line
    ]
    mine = [address for address in listening if address.endswith(f":{rasa.port:04X}")]
    assert mine == [f"{int.from_bytes(socket.inet_aton('127.0.0.1'), 'little'):08X}:{rasa.port:04X}"]


def test_no_site_is_told_that_it_may_call(rasa: LockedRasa, conversation: str) -> None:
    body = {"conversation_id": conversation, "kind": "text", "text": "hello"}
    headers = rasa.post(body, Origin="https://evil.example.org").headers
    assert not [name for name in headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize("option", ["--enable-api", "--interface=0.0.0.0", "--cors", "--debug", "-vv", "--credentials", "--log-file"])
def test_launcher_refuses_what_opens_rasa(option: str) -> None:
    command = [".venv-bot/bin/python", "-W", "ignore", "-m", "bot", "run", option]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert option.partition("=")[0] in done.stderr and "Traceback" not in done.stderr


# --- one message that kills ---------------------------------------------------------------------------------------

SENDERS = ["x\ud800" * 20, "n\u0000" * 20, "", "default", None, 5, {}, ["a" * 32], "a" * 300, "a" * 12_000, "../" * 10]


@pytest.mark.parametrize("sender", SENDERS, ids=range(len(SENDERS)))
def test_no_sender_ends_the_process(rasa: LockedRasa, sender: Any) -> None:
    assert rasa.post({"conversation_id": sender, "kind": "text", "text": "hello"}).status_code == 422
    assert rasa.is_alive()


def test_nobody_shares_a_conversation_for_want_of_an_id(rasa: LockedRasa) -> None:
    assert rasa.post({"kind": "text", "text": "hello"}).status_code == 422


@pytest.mark.parametrize(("length", "status"), [(1_001, 422), (20_000, 413), (500_000, 413), (5_000_000, 413)])
def test_long_message_is_refused_at_once(rasa: LockedRasa, conversation: str, length: int, status: int) -> None:
    begun = time.monotonic()
    assert rasa.say("a" * length, conversation).status_code == status
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"[" * 5000, b'{"a":' * 900, b"\xff", b"null", b'{"conversation_id": NaN}'])
def test_body_that_is_no_message_is_refused(rasa: LockedRasa, body: bytes) -> None:
    assert rasa.post(body).status_code == 422
    assert rasa.is_alive()


@pytest.mark.parametrize("key", ["metadata", "sender", "input_channel", "stream"])
def test_nothing_else_can_be_sent_along(rasa: LockedRasa, conversation: str, key: str) -> None:
    body = {"conversation_id": conversation, "kind": "text", "text": "hello", key: "staffdesk"}
    assert rasa.post(body).status_code == 422


def test_text_plain_is_refused(rasa: LockedRasa, conversation: str) -> None:
    body = {"conversation_id": conversation, "kind": "text", "text": "hello"}
    assert rasa.post(body, **{"Content-Type": "text/plain"}).status_code == 415


# --- text that commands -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.strip().startswith("/")])
def test_command_as_text_is_refused_behind_every_space(rasa: LockedRasa, conversation: str, command: str) -> None:
    assert {rasa.say(f"{space}{command}", conversation).status_code for space in ("", *SPACES[::6])} == {422}


@pytest.mark.parametrize(
    "payload", ["/restart", "/session_start", "/back", "/greet@0.01", '/greet{"wish": {"$ne": 1}}', '/greet{"wish": 5}']
)
def test_payload_that_no_button_holds_is_refused(rasa: LockedRasa, conversation: str, payload: str) -> None:
    assert rasa.say(payload, conversation, "payload").status_code == 422


def test_no_payload_sets_what_the_actions_remember(rasa: LockedRasa, conversation: str) -> None:
    assert rasa.say('/greet{"answer_id": "EVIL", "wish": "EVIL"}', conversation, "payload").status_code == 200
    rasa.actions.asked.clear()
    assert rasa.say(QUESTION, conversation).status_code == 200
    [call] = rasa.actions.asked
    assert "EVIL" not in json.dumps(call["tracker"]["slots"])


def test_text_that_passes_the_gate_is_no_command_for_rasas_own_parser(tmp_path: Path) -> None:
    """Whatever a visitor types: hypothesis looks for a text that comes out of the gate as a command, and Rasa itself is asked."""
    told: set[str] = set()
    pieces = st.sampled_from(
        [*COMMANDS, *SPACES, *HIDDEN, "/", "／", "\\", "a", "312-555-0142 ", "me@example.org", "[x]", "\u0338", "\u0301"]
    )

    @settings(max_examples=3000, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(st.one_of(st.lists(pieces, max_size=6).map("".join), st.text(max_size=40), st.text(max_size=20).map(lambda text: f"/{text}")))
    @example("\u00a0/restart")
    @example("312-555-0142 /restart")
    def gate(typed: str) -> None:
        try:
            read = read_visitor_text(typed)
        except (TextEmpty, TextTooLong):
            return
        sent = without_command(without_placeholders(read))
        assert sent == without_command(sent)
        assert not sent.strip().startswith("/")
        assert read_text(read) == read
        told.add(sent)

    gate()
    assert len(told) > 500
    (tmp_path / "told.json").write_text(json.dumps(sorted(told)), encoding="utf-8")
    command = [".venv-bot/bin/python", "-W", "ignore", "-m", "bot.check_texts", str(tmp_path / "told.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"{len(told)} texts, 0 commands\n"), done.stderr


def test_rasas_own_parser_does_find_commands(tmp_path: Path) -> None:
    """Without this, the test above would pass too if Rasa were asked nothing."""
    (tmp_path / "told.json").write_text(json.dumps(["\u2003/restart", '/greet{"wish": "x"}', "hello"]), encoding="utf-8")
    command = [".venv-bot/bin/python", "-W", "ignore", "-m", "bot.check_texts", str(tmp_path / "told.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "3 texts, 2 commands\n")


# --- failures are not silence, and confirm nothing ----------------------------------------------------------------


@pytest.mark.parametrize("mood", FAILURES)
def test_failing_action_is_an_error_and_never_a_confirmation(rasa: LockedRasa, conversation: str, mood: str) -> None:
    rasa.actions.mood = mood
    begun = time.monotonic()
    failed = [rasa.say(QUESTION, conversation), rasa.say("/choose_appointment", conversation, "payload")]
    assert time.monotonic() - begun < TURN_SECONDS + 5
    assert [response.status_code for response in failed] == [502, 502]
    assert "call you" not in failed[0].text + failed[1].text
    rasa.actions.mood = "works"
    assert kinds(rasa.say("how long is recovery", f"{conversation}-new")) == ["answer"]


def test_hanging_action_holds_up_nobody_else(rasa: LockedRasa, conversation: str) -> None:
    rasa.actions.mood = "hangs"
    rasa.actions.asked.clear()
    held: list[int] = []
    waiting = threading.Thread(target=lambda: held.append(rasa.say(QUESTION, conversation).status_code))
    waiting.start()
    until = time.monotonic() + 20
    while not rasa.actions.asked and time.monotonic() < until:
        time.sleep(0.05)
    begun = time.monotonic()
    assert kinds(rasa.say("hello", f"{conversation}-other")) == ["smalltalk"]
    assert time.monotonic() - begun < 3
    assert held == []
    rasa.actions.go_on.set()
    waiting.join(timeout=20)
    assert held == [200]


# --- nothing goes from one person to another ----------------------------------------------------------------------


def test_no_slot_is_carried_into_another_conversation(rasa: LockedRasa, conversation: str) -> None:
    rasa.actions.events = [{"event": "slot", "name": "topic", "value": "recovery"}, {"event": "slot", "name": "about", "value": MARK}]
    rasa.say(QUESTION, conversation)
    rasa.actions.events = []
    rasa.actions.asked.clear()
    rasa.say("what are the risks", conversation)
    rasa.say("what are the risks", f"{conversation}-next")
    own, other = (call["tracker"]["slots"] for call in rasa.actions.asked)
    assert (own["topic"], own["about"]) == ("recovery", MARK)
    assert (other["topic"], other["about"]) == (None, None)


def test_forgotten_conversation_begins_anew(rasa: LockedRasa, conversation: str) -> None:
    rasa.actions.events = [{"event": "slot", "name": "topic", "value": "recovery"}]
    rasa.say(QUESTION, conversation)
    rasa.client.delete(f"/webhooks/frontdesk/conversations/{conversation}", headers={"X-Frontdesk-Secret": "a-shared-secret-for-tests"})
    rasa.actions.asked.clear()
    rasa.say("what are the risks", conversation)
    assert rasa.actions.asked[0]["tracker"]["slots"]["topic"] is None


def test_action_server_is_not_told_what_was_said_before(rasa: LockedRasa, conversation: str) -> None:
    rasa.say(QUESTION, conversation)
    rasa.actions.asked.clear()
    rasa.say("what are the risks", conversation)
    assert MARK not in json.dumps(rasa.actions.asked)


# --- last: after all of the above ---------------------------------------------------------------------------------


def test_nothing_that_was_said_is_in_the_log(rasa: LockedRasa, conversation: str) -> None:
    rasa.say(f"/{MARK}", conversation)
    rasa.say(f'/{MARK.lower()}{{"wish": "{MARK}"}}', conversation, "payload")
    rasa.say(f'/no_such_intent{{"wish": "{MARK}"}}', conversation, "payload")
    rasa.say(f'/choose_answer{{"answer_id": "{MARK}"}}', conversation, "payload")
    assert rasa.is_alive()
    logged = rasa.log.read_text()
    assert "message failed" in logged, "nothing was logged: the test would see nothing"
    assert [mark for mark in (MARK, MARK.lower(), "gracilis", "EVIL", "latest_message") if mark in logged] == []
