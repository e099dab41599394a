"""What Prometheus reads at /metrics. Labels hold kinds and codes, never ids or text."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """All figures of one app, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.conversations = Counter("frontdesk_conversations", "Conversations started", registry=self.registry)
        self.messages = Counter("frontdesk_messages", "Visitor messages answered", registry=self.registry)
        self.replies = Counter("frontdesk_replies", "Bot messages by kind", ["kind"], registry=self.registry)
        self.bot_failures = Counter("frontdesk_bot_failures", "Questions that Rasa did not answer", ["cause"], registry=self.registry)
        self.red_flags = Counter("frontdesk_red_flags", "Messages that alarmed, by class", ["class"], registry=self.registry)
        self.handoffs = Counter("frontdesk_handoffs", "Handoffs filed, by channel", ["channel"], registry=self.registry)
        self.errors = Counter("frontdesk_errors", "Refusals and faults by code", ["code"], registry=self.registry)
        self.streams = Gauge("frontdesk_open_streams", "Open event streams", registry=self.registry)
        self.requests = Histogram(
            "frontdesk_request_seconds", "Requests", ["method", "route", "status"], registry=self.registry, buckets=SECONDS
        )
        self._stages = Histogram(
            "frontdesk_message_seconds",
            "Time of one message by stage; our own share is total less rasa and wait",
            ["stage"],
            registry=self.registry,
            buckets=SECONDS,
        )

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure one stage of a message."""
        started = perf_counter()
        try:
            yield
        finally:
            self._stages.labels(name).observe(perf_counter() - started)
