"""Measures time and throughput of a running assistant at its port."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from evaluation.benchmark.client import Channel, Client, MessageFailed, new_conversation

WARM_UP = 20
"""Messages that are not counted."""

ROTATION = 7
"""Questions that one long conversation goes round in: turn 2 and turn 100 ask the same one."""


@dataclass(frozen=True)
class Plan:
    """How long to measure.

    Attributes:
        messages: of one client, each in a conversation of its own.
        clients, seconds: how many clients at once, and how long each number of them.
        conversations, turns: of the long conversations.
        starts: of each assistant; the median counts.
    """

    messages: int = 300
    clients: tuple[int, ...] = (4, 16)
    seconds: float = 10.0
    conversations: int = 10
    turns: int = 100
    starts: int = 3


SMALL = Plan(messages=10, clients=(2,), seconds=1.0, conversations=2, turns=9, starts=1)
"""To try out the benchmark."""


@dataclass
class Burst:
    """What a number of clients got in a stretch of time; `milliseconds` of each message that was answered."""

    milliseconds: list[float] = field(default_factory=list)
    errors: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Answered messages a second."""
        return len(self.milliseconds) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Return the time that `share` percent of the messages kept; nan when none was answered."""
        return float(np.percentile(self.milliseconds, share)) if self.milliseconds else float("nan")


@dataclass(frozen=True)
class Load:
    """All that was measured under load.

    Attributes:
        crowds: by number of clients.
        turns: milliseconds, shape (conversations, turns).
    """

    alone: Burst
    crowds: dict[int, Burst]
    turns: np.ndarray

    def turn(self, number: int) -> float:
        """Return the median time of a turn, counted from 1, over all conversations."""
        return float(np.median(self.turns[:, number - 1]))

    @property
    def errors(self) -> int:
        """Messages without a reply, in all stretches together."""
        return self.alone.errors + sum(burst.errors for burst in self.crowds.values())


def measure(channel: Channel, questions: Sequence[str], plan: Plan) -> Load:
    """Ask `questions` in turn, alone, in crowds and in long conversations."""
    one_by_one(channel, questions, WARM_UP)
    alone = one_by_one(channel, questions, plan.messages)
    crowds = {clients: crowd(channel, questions, clients, plan.seconds) for clients in plan.clients}
    return Load(alone, crowds, long_conversations(channel, questions, plan))


def one_by_one(channel: Channel, questions: Sequence[str], messages: int) -> Burst:
    """Ask `messages` questions, each in a new conversation, one after the other."""
    burst, client = Burst(), Client(channel)
    began = time.perf_counter()
    for question in itertools.islice(itertools.cycle(questions), messages):
        _ask(client, new_conversation(), question, burst)
    burst.seconds = time.perf_counter() - began
    client.close()
    return burst


def crowd(channel: Channel, questions: Sequence[str], clients: int, seconds: float) -> Burst:
    """Let so many clients ask for so many seconds, each message in a new conversation."""
    bursts = [Burst() for _ in range(clients)]
    began = time.perf_counter()
    threads = [
        threading.Thread(target=_keep_asking, args=(channel, [*questions[number:], *questions[:number]], burst, began + seconds))
        for number, burst in enumerate(bursts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = [each for burst in bursts for each in burst.milliseconds]
    return Burst(times, sum(burst.errors for burst in bursts), time.perf_counter() - began)


def _keep_asking(channel: Channel, questions: Sequence[str], burst: Burst, until: float) -> None:
    client = Client(channel)
    for question in itertools.cycle(questions):
        if time.perf_counter() >= until:
            break
        _ask(client, new_conversation(), question, burst)
    client.close()


def long_conversations(channel: Channel, questions: Sequence[str], plan: Plan) -> np.ndarray:
    """Return the milliseconds of each turn, shape (conversations, turns); nan for a turn without a reply."""
    rows = [_conversation(channel, questions[:ROTATION], plan.turns) for _ in range(plan.conversations)]
    return np.array(rows)


def _conversation(channel: Channel, questions: Sequence[str], turns: int) -> list[float]:
    client, conversation, times = Client(channel), new_conversation(), []
    for question in itertools.islice(itertools.cycle(questions), turns):
        burst = Burst()
        _ask(client, conversation, question, burst)
        times.append(burst.milliseconds[0] if burst.milliseconds else float("nan"))
    client.close()
    return times


def _ask(client: Client, conversation: str, question: str, burst: Burst) -> None:
    began = time.perf_counter()
    try:
        client.say(conversation, question)
    except MessageFailed:
        burst.errors += 1
    else:
        burst.milliseconds.append((time.perf_counter() - began) * 1000)
