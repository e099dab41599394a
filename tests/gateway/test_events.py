import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, sse
from fastapi.sse import ServerSentEvent

from gateway import conversations, events
from gateway.app import create_app
from gateway.errors import TooManyRequests
from gateway.hub import Hub
from gateway.intake import Posted
from gateway.parts import Parts
from gateway.schemas import StartedConversation
from gateway.settings import Settings
from tests.gateway.fakes import FakeRasa
from tests.gateway.in_loop import run
from tests.widget.serving import served

ID = "0b0e1b3e-7d43-4d4e-9d0e-0b0e1b3e7d4"
PROXIES_WAIT_SECONDS = 50
"""The widget gives a silent stream up after as much (`SILENCE_MS`); nginx closes one after 60 s."""


@pytest.fixture
def app(settings: Settings, rasa: FakeRasa) -> FastAPI:
    return create_app(settings, rasa.transport)


def follow(parts: Parts, conversation_id: str, seq: int) -> AsyncIterator[ServerSentEvent]:
    return events.follow(parts.storage, parts.hub, parts.metrics, conversation_id, seq)


async def take(stream: AsyncIterator[ServerSentEvent], count: int) -> list[ServerSentEvent]:
    """Return the next events, without the opening one."""
    taken = []
    async for event in stream:
        if event.event:
            taken.append(event)
        if len(taken) == count:
            break
    return taken


async def first_seq(parts: Parts, conversation_id: str, last_event_id: str | None) -> int:
    return await parts.storage.read(lambda session: events.first_seq(session, conversation_id, last_event_id))


def test_stream_gives_what_is_said_from_now_on(app: FastAPI) -> None:
    async def work(parts: Parts, started: StartedConversation) -> None:
        seq = await first_seq(parts, started.conversation_id, None)
        taking = asyncio.create_task(take(follow(parts, started.conversation_id, seq), 2))
        await asyncio.sleep(0.05)
        await parts.chat.post(started.conversation_id, Posted(f"{ID}1", text="one"))
        own, reply = await taking
        assert own.event == reply.event == "message"
        assert '"text":"one"' in (own.raw_data or "")
        assert '"text":"You said: one"' in (reply.raw_data or "")

    run(app, work)


def test_stream_resumes_behind_the_last_event(app: FastAPI) -> None:
    async def work(parts: Parts, started: StartedConversation) -> None:
        for number in range(3):
            await parts.chat.post(started.conversation_id, Posted(f"{ID}{number}", text=f"message {number}"))
        all_events = await take(follow(parts, started.conversation_id, 0), 7)
        seq = await first_seq(parts, started.conversation_id, all_events[3].id)
        assert await take(follow(parts, started.conversation_id, seq), 3) == all_events[4:]

    run(app, work)


def test_stream_begins_at_the_start_after_an_unknown_event(app: FastAPI) -> None:
    async def work(parts: Parts, started: StartedConversation) -> None:
        assert await first_seq(parts, started.conversation_id, "unknown\x00") == 0

    run(app, work)


def test_stream_gets_what_another_process_stored(settings: Settings, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "POLL_SECONDS", 0.05)
    here, other = create_app(settings, rasa.transport), create_app(settings, rasa.transport)

    async def work(parts: Parts, started: StartedConversation) -> None:
        async with other.router.lifespan_context(other):
            taking = asyncio.create_task(take(follow(parts, started.conversation_id, 1), 2))
            await asyncio.sleep(0.1)
            await other.state.parts.chat.post(started.conversation_id, Posted(f"{ID}1", text="one"))
            assert len(await taking) == 2

    run(here, work)


def test_stream_ends_when_the_conversation_is_erased(app: FastAPI) -> None:
    async def work(parts: Parts, started: StartedConversation) -> None:
        taking = asyncio.create_task(take(follow(parts, started.conversation_id, 1), 2))
        await asyncio.sleep(0.05)
        await parts.storage.write(lambda session: conversations.erase(session, started.conversation_id))
        parts.hub.notify(started.conversation_id)
        assert [event.event for event in await taking] == ["erased"]

    run(app, work)


def test_stream_ends_when_the_process_goes_down(app: FastAPI) -> None:
    async def work(parts: Parts, started: StartedConversation) -> None:
        taking = asyncio.create_task(take(follow(parts, started.conversation_id, 1), 1))
        await asyncio.sleep(0.05)
        parts.hub.close()
        assert await taking == []
        assert parts.hub.watched == set()

    run(app, work)


def test_streams_have_a_limit() -> None:
    hub = Hub()
    with hub.watch("a"), hub.watch("b"):
        events.check_room(hub, "a", max_streams=3)
        with pytest.raises(TooManyRequests):
            events.check_room(hub, "a", max_streams=2)


def test_hub_wakes_only_who_watches_the_conversation() -> None:
    hub: Any = Hub()
    with hub.watch("a") as a, hub.watch("b") as b:
        hub.notify("a")
        assert (a.is_set(), b.is_set()) == (True, False)


@pytest.mark.enable_socket
def test_idle_stream_gives_signs_of_life_that_proxies_wait_for(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sse._PING_INTERVAL <= PROXIES_WAIT_SECONDS
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.05)
    with served(app) as url, httpx.Client(base_url=url, trust_env=False) as client:
        started = client.post("/api/conversations", json={}).json()
        headers = {"Authorization": f"Bearer {started['token']}"}
        with client.stream("GET", f"/api/conversations/{started['conversation_id']}/events", headers=headers) as stream:
            comments = (line for line in stream.iter_lines() if line.startswith(":"))
            assert (next(comments), next(comments)) == (": open", ": ping")
            assert stream.headers["X-Accel-Buffering"] == "no"
            assert "no-cache" in stream.headers["Cache-Control"]
