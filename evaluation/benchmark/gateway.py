"""`python -m evaluation.benchmark.gateway` measures the gateway alone, before a stand-in for Rasa, and writes docs/results/gateway.md.

Its own share of a reply, the memory of many open streams, and whether conversations that are written at once stay whole.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from desk.encryption import new_key
from evaluation.assistant import AssistantUnreachable
from evaluation.benchmark import machine
from evaluation.benchmark.memory import MEGABYTE, tree_bytes
from evaluation.benchmark.timing import Times, percentiles
from evaluation.own_database import shipped_knowledge
from evaluation.processes import UNLIMITED, free_port, running

PAGE = Path("docs/results/gateway.md")
SECRET = "a-secret-of-the-benchmark-alone"
MESSAGES, WARM_UP = 600, 50
STREAMS = 500
CONVERSATIONS, TURNS, CLIENTS = 200, 3, 4
MAX_P50, MAX_P95, MAX_MEGABYTES = 5.0, 15.0, 300

console = Console()


@dataclass(frozen=True)
class Measured:
    """`own` and `all_of_it` in milliseconds, memory in megabytes, and how many of the conversations were whole and in order."""

    own: Times
    all_of_it: Times
    idle_megabytes: float
    streaming_megabytes: float
    whole: int
    per_second: float


def main() -> int:
    """Return 1, with what to do, when the gateway cannot be started."""
    notes = [note for note in [machine.load_warning()] if note]
    try:
        with gateway() as (address, rasa, pid):
            measured = asyncio.run(_measure(address, rasa, pid))
    except (AssistantUnreachable, httpx.HTTPError) as error:
        print(error, file=sys.stderr)
        return 1
    PAGE.write_text(page(measured, notes), encoding="utf-8")
    console.print(f"{PAGE} was written.")
    return 0


@contextmanager
def gateway() -> Iterator[tuple[str, str, int]]:
    """Run a gateway with the shipped knowledge before the stand-in; give both addresses, and the gateway's process."""
    port, rasa_port = free_port(), free_port()
    address, rasa = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{rasa_port}"
    with tempfile.TemporaryDirectory(prefix="frontdesk-gateway-") as folder:
        variables = os.environ | {
            "FRONTDESK_DATABASE_URL": shipped_knowledge(Path(folder)),
            "FRONTDESK_RASA_URL": rasa,
            "FRONTDESK_RASA_SECRET": SECRET,
            "FRONTDESK_PORT": str(port),
            "FRONTDESK_CONTACT_KEYS": new_key(),
            **UNLIMITED,
        }
        stand_in = [sys.executable, "-m", "uvicorn", "evaluation.benchmark.echo_rasa:app", "--port", str(rasa_port), "--log-level", "error"]
        with (
            running(stand_in, variables, f"{rasa}/webhooks/frontdesk/"),
            running([sys.executable, "-m", "gateway"], variables, f"{address}/api/health") as process,
        ):
            yield address, rasa, process.pid


async def _measure(address: str, rasa: str, pid: int) -> Measured:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=httpx.Timeout(60, read=None), limits=limits) as client:
        own, all_of_it = await _own_share(client, rasa)
        idle = tree_bytes(pid) / MEGABYTE
        streaming = await _with_streams(client, pid)
        whole, per_second = await _conversations_at_once(client)
    return Measured(own, all_of_it, idle, streaming, whole, per_second)


async def _own_share(client: httpx.AsyncClient, rasa: str) -> tuple[Times, Times]:
    """Of pairs of one message straight to the stand-in and one through the gateway, the difference; and the latter alone."""
    differences, through = [], []
    path, headers = await _begin(client)
    async with httpx.AsyncClient(base_url=rasa) as straight:
        for number in range(WARM_UP + MESSAGES):
            told = {"conversation_id": uuid.uuid4().hex, "kind": "text", "text": f"hello {number}"}
            alone = await _timed(straight.post("/webhooks/frontdesk/webhook", json=told, headers={"X-Frontdesk-Secret": SECRET}))
            reply = await _timed(client.post(path, json=_message(f"hello {number}"), headers=headers))
            if number >= WARM_UP:
                differences.append(reply - alone)
                through.append(reply)
            if number % 20 == 0:
                path, headers = await _begin(client)
    return percentiles(differences), percentiles(through)


async def _with_streams(client: httpx.AsyncClient, pid: int) -> float:
    """Open many streams, tell each conversation something, wait until every stream had it, and return the memory then."""
    begun = [await _begin(client) for _ in range(STREAMS)]
    opened, had = asyncio.Semaphore(0), asyncio.Semaphore(0)

    async def follow(path: str, headers: dict[str, str]) -> None:
        async with client.stream("GET", path.replace("/messages", "/events"), headers=headers) as response:
            opened.release()
            async for line in response.aiter_lines():
                if line.startswith("data:") and "You said" in line:
                    had.release()

    following = [asyncio.create_task(follow(*each)) for each in begun]
    for _ in begun:
        await opened.acquire()
    for path, headers in begun:
        (await client.post(path, json=_message("hi"), headers=headers)).raise_for_status()
    for _ in begun:
        await had.acquire()
    megabytes = tree_bytes(pid) / MEGABYTE
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)
    return megabytes


async def _conversations_at_once(client: httpx.AsyncClient) -> tuple[int, float]:
    """How many of the conversations hold each message once, in order, with its reply after it; and messages a second."""
    begun = time.perf_counter()
    waiting = list(range(CONVERSATIONS))

    async def work() -> int:
        whole = 0
        while waiting:
            waiting.pop()
            whole += await _converse(client)
        return whole

    whole = sum(await asyncio.gather(*(work() for _ in range(CLIENTS))))
    return whole, CONVERSATIONS * TURNS / (time.perf_counter() - begun)


async def _converse(client: httpx.AsyncClient) -> bool:
    """Hold one conversation, read it, and say whether it is whole and in order."""
    path, headers = await _begin(client)
    messages = [_message(f"message {number}") for number in range(TURNS)]
    for message in messages:
        (await client.post(path, json=message, headers=headers)).raise_for_status()
    history = (await client.get(path, headers=headers)).json()["messages"][1:]
    told = [text for message in messages for text in (message["text"], f"You said: {message['text']}")]
    return [each["text"] for each in history] == told


async def _begin(client: httpx.AsyncClient) -> tuple[str, dict[str, str]]:
    started = (await client.post("/api/conversations", json={})).raise_for_status().json()
    return f"/api/conversations/{started['conversation_id']}/messages", {"Authorization": f"Bearer {started['token']}"}


def _message(text: str) -> dict[str, str]:
    return {"text": text, "client_message_id": str(uuid.uuid4())}


async def _timed(call: Any) -> float:
    began = time.perf_counter_ns()
    (await call).raise_for_status()
    return (time.perf_counter_ns() - began) / 1e6


def page(measured: Measured, notes: list[str]) -> str:
    """Return the page."""
    rows = [
        _row(f"own share of a reply, p50 (of {MESSAGES} messages)", f"≤ {MAX_P50:.0f} ms", measured.own.p50, MAX_P50, "ms"),
        _row("own share of a reply, p95", f"≤ {MAX_P95:.0f} ms", measured.own.p95, MAX_P95, "ms"),
        _row(f"memory with {STREAMS} open streams", f"< {MAX_MEGABYTES} MB", measured.streaming_megabytes, MAX_MEGABYTES, "MB"),
        f"| conversations of {TURNS} messages that are whole and in order, {CLIENTS} clients at once | all of {CONVERSATIONS} |"
        f" {measured.whole} | {'reached' if measured.whole == CONVERSATIONS else '**missed**'} |",
    ]
    lines = [
        "# The gateway alone",
        "",
        "Written by `make benchmark-gateway`. A stand-in for Rasa repeats each message at once. The own share is the time of a message",
        "through the gateway less that of one straight to the stand-in, measured in pairs. SQLite; the client runs on the same machine.",
        "",
        *machine.describe(("fastapi", "uvicorn", "sqlalchemy")),
        *(f"- {note}" for note in notes),
        "",
        "| figure | goal | measured | |",
        "|---|---|---|---|",
        *rows,
        "",
        f"The whole reply: {measured.all_of_it.p50:.1f} ms p50, {measured.all_of_it.p95:.1f} ms p95. Memory before the streams:"
        f" {measured.idle_megabytes:.0f} MB. Conversations at once: {measured.per_second:.0f} messages a second.",
        "",
    ]
    return "\n".join(lines)


def _row(name: str, goal: str, value: float, limit: float, unit: str) -> str:
    return f"| {name} | {goal} | {value:.1f} {unit} | {'reached' if value <= limit else '**missed**'} |"


if __name__ == "__main__":
    sys.exit(main())
