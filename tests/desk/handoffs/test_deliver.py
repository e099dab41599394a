"""What becomes of events in the outbox: a real mail server, a real HTTP server, and a clock that tests turn."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from desk import handoffs, outbox
from desk.deliver import Relay
from desk.delivery_settings import DeliverySettings, load_delivery_settings
from desk.errors import DeskSettingsInvalid
from desk.models import Delivery
from evaluation.processes import free_port
from tests.desk.handoffs.office import NOON, Office

SECRET = "a-secret-of-the-webhook-tests"


@dataclass
class Sink:
    """What arrived, and which statuses are to be answered first."""

    port: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    faults: list[int] = field(default_factory=list)

    def events(self, handoff_id: str | None = None) -> list[str]:
        return [each["event"] for each in self.taken if handoff_id in (None, each["handoff"]["id"])]


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = sink.faults.pop(0) if sink.faults else 200
            if status == 200:
                sink.taken.append(json.loads(body))
                sink.headers.append(dict(self.headers))
                sink.bodies.append(body)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    sink.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield sink
    server.shutdown()
    thread.join()
    server.server_close()


class Mailbox:
    """Keeps what is delivered."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        self.messages.append(envelope.content.decode())
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, controller.port
    controller.stop()


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


def relay(office: Office, clock: Clock, **settings: Any) -> Relay:
    return Relay(office.engine, DeliverySettings(**settings), office.clinic, office.sealer, clock)


def to_sink(office: Office, clock: Clock, sink: Sink, **more: Any) -> Relay:
    url = f"http://127.0.0.1:{sink.port}/events"
    return relay(office, clock, webhook_url=url, webhook_secret=SECRET, webhook_allow_private=True, **more)


def drain(relay: Relay) -> None:
    while relay.deliver_next():
        pass


def state_of(office: Office) -> list[str]:
    return office.do(lambda session: list(session.scalars(select(Delivery.state).order_by(Delivery.number))))


def test_event_is_posted_with_a_signature_that_fits(office: Office, clock: Clock, sink: Sink) -> None:
    handoff_id = office.file(targets=("webhook",))
    drain(to_sink(office, clock, sink))
    headers, body = sink.headers[0], sink.bodies[0]
    expected = hmac.new(SECRET.encode(), headers["Frontdesk-Timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Frontdesk-Signature"] == f"v1={expected}"
    assert sink.events() == ["handoff.created"]
    assert sink.taken[0]["handoff"]["url"].endswith(f"/desk/handoffs/{handoff_id}")
    assert state_of(office) == ["sent"]


def test_event_holds_no_contact_unless_settings_let_it_out(office: Office, clock: Clock, sink: Sink) -> None:
    office.file(targets=("webhook",))
    drain(to_sink(office, clock, sink))
    assert b"Ann Example" not in sink.bodies[0]
    office.file(targets=("webhook",))
    drain(to_sink(office, clock, sink, webhook_contact=True))
    assert sink.taken[1]["handoff"]["contact"]["name"] == "Ann Example"


@pytest.mark.slow
def test_hour_of_outage_loses_nothing_and_keeps_the_order(office: Office, clock: Clock, sink: Sink) -> None:
    ids = [office.file(targets=("webhook",)) for _ in range(5)]
    for handoff_id in ids:
        office.act(handoffs.claim, handoff_id)
        office.act(handoffs.resolve, handoff_id, outcome="called")
    worker = to_sink(office, clock, sink)
    end = NOON + timedelta(hours=1)
    while clock.at < end:
        sink.faults = [503] * 50
        drain(worker)
        clock.at += timedelta(minutes=1)
    sink.faults = []
    for _ in range(180):
        drain(worker)
        clock.at += timedelta(minutes=1)
    for handoff_id in ids:
        assert sink.events(handoff_id) == ["handoff.created", "handoff.claimed", "handoff.resolved"]
    assert set(state_of(office)) == {"sent"}


def test_double_has_the_same_event_id(office: Office, clock: Clock, sink: Sink) -> None:
    office.file(targets=("webhook",))
    worker = to_sink(office, clock, sink)
    drain(worker)
    office.do(lambda session: session.query(Delivery).update({"state": "waiting"}))  # the worker died before it marked it
    drain(worker)
    assert sink.headers[0]["Frontdesk-Event-Id"] == sink.headers[1]["Frontdesk-Event-Id"]


def test_leased_delivery_waits_until_the_lease_ends(office: Office, clock: Clock, sink: Sink) -> None:
    office.file(targets=("webhook",))
    office.do(outbox.take, NOON)  # another worker took it, and died
    worker = to_sink(office, clock, sink)
    assert not worker.deliver_next()
    clock.at += outbox.LEASE + timedelta(seconds=1)
    assert worker.deliver_next()
    assert len(sink.taken) == 1


def test_failing_handoff_does_not_hold_up_others(office: Office, clock: Clock, sink: Sink) -> None:
    office.file(targets=("webhook",))
    sink.faults = [500]
    worker = to_sink(office, clock, sink)
    worker.deliver_next()
    other = office.file(targets=("webhook",))
    drain(worker)
    assert sink.events(other) == ["handoff.created"]


@pytest.mark.slow
def test_delivery_is_given_up_after_three_days_and_can_be_tried_again(office: Office, clock: Clock, sink: Sink) -> None:
    office.file(targets=("webhook",))
    worker = to_sink(office, clock, sink)
    while clock.at <= NOON + timedelta(hours=74):
        sink.faults = [500] * 9
        drain(worker)
        clock.at += timedelta(hours=2)
    [dead] = office.do(outbox.dead_letters)
    assert dead.last_error == "The webhook answered 500."
    sink.faults = []
    assert office.do(outbox.retry, dead.id, clock.at)
    drain(worker)
    assert sink.events() == ["handoff.created"]


def test_private_address_is_refused(office: Office, clock: Clock, sink: Sink) -> None:
    office.file(targets=("webhook",))
    drain(relay(office, clock, webhook_url=f"http://127.0.0.1:{sink.port}/", webhook_secret=SECRET))
    assert sink.taken == []
    [delivery] = office.do(lambda session: list(session.scalars(select(Delivery))))
    assert "private network" in str(delivery.last_error)


def test_mail_tells_where_to_look_and_nothing_personal(office: Office, clock: Clock, mailbox: tuple[Mailbox, int]) -> None:
    handoff_id = office.file(targets=("email",))
    box, port = mailbox
    mail = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": "none",
        "mail_from": "bot@example.org",
        "mail_to": "desk@example.org",
    }
    drain(relay(office, clock, **mail))
    [message] = box.messages
    assert f"/desk/handoffs/{handoff_id}" in message
    assert office.get(handoff_id).reference in message
    assert "Ann" not in message and "312" not in message


def test_mail_server_that_is_down_is_tried_again_later(office: Office, clock: Clock) -> None:
    office.file(targets=("email",))
    mail = {
        "smtp_host": "127.0.0.1",
        "smtp_port": 1,
        "smtp_security": "none",
        "mail_from": "bot@example.org",
        "mail_to": "desk@example.org",
    }
    drain(relay(office, clock, **mail))
    [delivery] = office.do(lambda session: list(session.scalars(select(Delivery))))
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    assert delivery.next_attempt_at > clock.at


def test_handoff_that_nobody_takes_rings_once(office: Office, clock: Clock, sink: Sink) -> None:
    office.file(targets=("webhook",), urgency="urgent")
    worker = to_sink(office, clock, sink)
    worker.do_chores()
    clock.at += timedelta(minutes=11)
    worker.do_chores()
    worker.do_chores()
    drain(worker)
    assert sink.events() == ["handoff.created", "handoff.unclaimed"]
    assert "handoff.unclaimed" in office.actions()


def test_claimed_handoff_does_not_ring(office: Office, clock: Clock, sink: Sink) -> None:
    handoff_id = office.file(targets=("webhook",), urgency="urgent")
    office.act(handoffs.claim, handoff_id)
    clock.at += timedelta(days=5)
    to_sink(office, clock, sink).do_chores()
    assert "handoff.unclaimed" not in office.actions()


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"SMTP_HOST": "mail.example.org"}, "FRONTDESK_MAIL_FROM"),
        ({"MAIL_TO": "desk@example.org"}, "FRONTDESK_SMTP_HOST"),
        ({"WEBHOOK_URL": "https://example.org/x"}, "FRONTDESK_WEBHOOK_SECRET"),
        ({"WEBHOOK_URL": "ftp://example.org/x", "WEBHOOK_SECRET": SECRET}, "https://"),
        ({"SMTP_PORT": "many"}, "FRONTDESK_SMTP_PORT"),
    ],
)
def test_half_made_settings_are_refused(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], words: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"FRONTDESK_{name}", value)
    with pytest.raises(DeskSettingsInvalid, match=words):
        load_delivery_settings()
