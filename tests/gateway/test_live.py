"""What reaches open pages at once: staff's words, typing on both sides, and what wakes the desk."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from fastapi.sse import ServerSentEvent

from gateway import events, live
from gateway.app import create_app
from gateway.handoff_schemas import HandoffPost
from gateway.hub import DESK, Hub
from gateway.intake import Posted
from gateway.parts import Parts
from gateway.schemas import StartedConversation
from gateway.settings import Settings
from tests.gateway.clinic_staff import card
from tests.gateway.fakes import FakeRasa
from tests.gateway.in_loop import run

ID = "0b0e1b3e-7d43-4d4e-9d0e-0b0e1b3e7d4"


@pytest.fixture
def app(settings: Settings, rasa: FakeRasa) -> FastAPI:
    return create_app(settings, rasa.transport)


async def next_event(stream: AsyncIterator[ServerSentEvent]) -> ServerSentEvent:
    async for event in stream:
        if event.event:
            return event
    raise AssertionError("the stream ended")


async def say(parts: Parts, conversation_id: str, text: str) -> None:
    await parts.storage.write(lambda session: live.say(session, conversation_id, text, "Sam"))
    parts.hub.notify(conversation_id)


async def until_watched(hub: Hub, conversation_id: str) -> None:
    while not hub.count(conversation_id):
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)


def test_staff_join_and_speak_in_the_stream(app: FastAPI) -> None:
    async def work(parts: Parts, started: StartedConversation) -> None:
        stream = events.follow(parts.storage, parts.hub, parts.metrics, started.conversation_id, 1)
        first = asyncio.create_task(next_event(stream))
        await until_watched(parts.hub, started.conversation_id)
        await say(parts, started.conversation_id, "Hello, this is Sam.")
        assert "Sam from the clinic has joined" in ((await first).raw_data or "")
        said = (await next_event(stream)).raw_data or ""
        assert '"sender":"staff"' in said
        assert "Hello, this is Sam." in said

    run(app, work)


@pytest.mark.parametrize(("typist", "reader"), [("staff", "staff"), ("visitor", "visitor")])
def test_typing_reaches_the_other_side(app: FastAPI, typist: str, reader: str) -> None:
    async def work(parts: Parts, started: StartedConversation) -> None:
        stream = events.follow(parts.storage, parts.hub, parts.metrics, started.conversation_id, 1, typing_of=reader)
        first = asyncio.create_task(next_event(stream))
        await until_watched(parts.hub, started.conversation_id)
        parts.hub.note_typing(started.conversation_id, typist)
        event = await first
        assert (event.event, event.id, event.raw_data) == ("typing", None, f'{{"sender": "{typist}"}}')

    run(app, work)


def test_own_typing_does_not_come_back(app: FastAPI) -> None:
    async def work(parts: Parts, started: StartedConversation) -> None:
        stream = events.follow(parts.storage, parts.hub, parts.metrics, started.conversation_id, 1)
        first = asyncio.create_task(next_event(stream))
        await until_watched(parts.hub, started.conversation_id)
        parts.hub.note_typing(started.conversation_id, "visitor")
        await say(parts, started.conversation_id, "Hello.")
        assert (await first).event == "message"

    run(app, work)


def test_typing_that_nobody_watches_is_not_kept() -> None:
    hub = Hub()
    hub.note_typing("a", "visitor")
    assert hub.typed_at("a", "visitor") == 0


def test_desk_is_woken_by_a_request_and_by_messages_for_staff(app: FastAPI) -> None:
    async def work(parts: Parts, started: StartedConversation) -> None:
        with parts.hub.watch(DESK) as woken:
            await parts.chat.post(started.conversation_id, Posted(f"{ID}1", text="one"))
            assert not woken.is_set()  # the bot's own conversations are not the desk's
            await say(parts, started.conversation_id, "Hello, this is Sam.")
            await parts.chat.post(started.conversation_id, Posted(f"{ID}2", text="two"))
            assert woken.is_set()

    run(app, work)


def test_desk_is_woken_by_what_another_process_does(settings: Settings, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "POLL_SECONDS", 0.05)
    here, other = create_app(settings, rasa.transport), create_app(settings, rasa.transport)

    async def work(parts: Parts, started: StartedConversation) -> None:
        async with other.router.lifespan_context(other):
            there: Parts = other.state.parts
            with parts.hub.watch(DESK) as woken:
                await asyncio.sleep(0.1)
                woken.clear()
                post = HandoffPost.model_validate(card())
                await there.storage.write(lambda session: there.filing.file(session, started.conversation_id, post))
                await woken.wait()

    run(here, work)


def test_reply_that_was_under_way_is_not_said_over_a_person(app: FastAPI, rasa: FakeRasa) -> None:
    rasa.delay_seconds = 0.2

    async def work(parts: Parts, started: StartedConversation) -> None:
        asking = asyncio.create_task(parts.chat.post(started.conversation_id, Posted(f"{ID}1", text="one")))
        while not rasa.asked:
            await asyncio.sleep(0.01)
        await say(parts, started.conversation_id, "Hello, this is Sam.")
        assert await asking == []

    run(app, work)
