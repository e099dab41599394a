"""Sends messages to an assistant over one connection that stays open, as a gateway does."""

from __future__ import annotations

import http.client
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from evaluation.benchmark.errors import BenchmarkFailed

TIMEOUT_SECONDS = 60.0

Replies = list[dict[str, Any]]


class MessageFailed(Exception):
    """One message got no reply; the server may well answer the next."""


@dataclass(frozen=True)
class Channel:
    """How an assistant takes messages.

    Attributes:
        write: makes the body from conversation and text. read: makes replies (with `kind` and `text`) from the response.
    """

    port: int
    path: str
    write: Callable[[str, str], dict[str, str]]
    read: Callable[[Any], Replies]
    headers: dict[str, str] = field(default_factory=dict)


class Client:
    """One client; not for several threads at once."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._connection = http.client.HTTPConnection("127.0.0.1", channel.port, timeout=TIMEOUT_SECONDS)

    def say(self, conversation: str, text: str) -> Replies:
        """Send `text` and return the replies, at least one.

        Raises:
            MessageFailed: no connection, another status than 200, or no reply.
        """
        replies = self._channel.read(self.post(self._channel.path, self._channel.write(conversation, text)))
        if not replies:
            raise MessageFailed("200, but no reply")
        return replies

    def post(self, path: str, body: dict[str, str]) -> Any:
        """Post JSON and return what comes back.

        Raises:
            MessageFailed: no connection, or another status than 200.
        """
        try:
            headers = {"Content-Type": "application/json", **self._channel.headers}
            self._connection.request("POST", path, json.dumps(body).encode(), headers)
            response = self._connection.getresponse()
            content = response.read()
            if response.status != http.client.OK:
                raise MessageFailed(f"{response.status}: {content[:200]!r}")
            return json.loads(content)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise MessageFailed(repr(error)) from error

    def close(self) -> None:
        """Close the connection; the next message opens a new one."""
        self._connection.close()


def new_conversation() -> str:
    """Return an id that no other message has."""
    return secrets.token_urlsafe(24)


def say_surely(client: Client, conversation: str, text: str) -> Replies:
    """Send `text`, once more if the first try fails.

    Raises:
        BenchmarkFailed: both failed.
    """
    try:
        return client.say(conversation, text)
    except MessageFailed:
        try:
            return client.say(conversation, text)
        except MessageFailed as error:
            raise BenchmarkFailed(f"No reply to {text!r}: {error}") from error
