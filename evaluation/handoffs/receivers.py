"""What handoffs are announced to: a web server and a mail server in this process, which keep what they take."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from evaluation.processes import free_port

SECRET = "a-secret-for-the-measured-webhook"
REFERENCE = re.compile(r"FD-\w{4}-\w{4}")


@dataclass
class Received:
    """What arrived, in its order.

    Attributes:
        events: bodies of the webhook. mails: the references in each e-mail.
        unsigned: events whose signature was not ours.
        came: set whenever an event arrives.
    """

    webhook_port: int = 0
    mail_port: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)
    mails: list[set[str]] = field(default_factory=list)
    unsigned: int = 0
    came: threading.Event = field(default_factory=threading.Event)

    def take(self, headers: Any, body: bytes) -> None:
        """Keep an event. It counts as taken from here on, whatever happens to who sent it."""
        signed = headers["Frontdesk-Timestamp"].encode() + b"." + body
        expected = "v1=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        self.unsigned += not hmac.compare_digest(expected, headers["Frontdesk-Signature"])
        self.events.append(json.loads(body))
        self.came.set()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        """Keep an e-mail."""
        self.mails.append(set(REFERENCE.findall(envelope.content.decode())))
        return "250 OK"


@contextmanager
def receiving() -> Iterator[Received]:
    """Give what arrives while it is open."""
    received = Received(mail_port=free_port())

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.take(self.headers, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received.webhook_port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    mail = Controller(received, hostname="127.0.0.1", port=received.mail_port)
    mail.start()
    try:
        yield received
    finally:
        mail.stop()
        server.shutdown()
        thread.join()
        server.server_close()
