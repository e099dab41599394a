"""The client and the load, against a server that answers, fails or says nothing."""

import json
import math
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from evaluation.benchmark.client import Channel, Client, MessageFailed, say_surely
from evaluation.benchmark.errors import BenchmarkFailed
from evaluation.benchmark.load import SMALL, Burst, crowd, long_conversations, one_by_one


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        texts = [] if message["text"] == "say nothing" else [message["text"]]
        body = json.dumps(texts).encode()
        self.send_response(500 if message["text"] == "fail" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def channel() -> Iterator[Channel]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True).start()
    yield Channel(
        server.server_port,
        "/",
        write=lambda conversation, text: {"conversation": conversation, "text": text},
        read=lambda texts: [{"kind": "answer", "text": text} for text in texts],
    )
    server.shutdown()
    server.server_close()


def test_reply_is_read(channel: Channel) -> None:
    assert Client(channel).say("c", "hello") == [{"kind": "answer", "text": "hello"}]


@pytest.mark.parametrize("text", ["fail", "say nothing"])
def test_message_without_reply_fails(channel: Channel, text: str) -> None:
    with pytest.raises(MessageFailed):
        Client(channel).say("c", text)


def test_bank_question_without_reply_ends_the_benchmark(channel: Channel) -> None:
    with pytest.raises(BenchmarkFailed, match="say nothing"):
        say_surely(Client(channel), "c", "say nothing")


def test_failed_messages_are_counted_and_not_timed(channel: Channel) -> None:
    burst = one_by_one(channel, ["hello", "fail"], 10)
    assert (len(burst.milliseconds), burst.errors) == (5, 5)


def test_crowd_asks_for_the_given_time(channel: Channel) -> None:
    burst = crowd(channel, ["hello", "there"], clients=3, seconds=0.2)
    assert burst.errors == 0
    assert burst.per_second > 0
    assert 0.2 <= burst.seconds < 2


def test_every_turn_of_a_long_conversation_is_timed(channel: Channel) -> None:
    assert long_conversations(channel, ["hello", "there"], SMALL).shape == (SMALL.conversations, SMALL.turns)


def test_no_message_has_no_percentile() -> None:
    assert math.isnan(Burst().percentile(50))
