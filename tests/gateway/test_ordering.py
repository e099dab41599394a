import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
import sqlalchemy
from fastapi import FastAPI

from gateway.app import create_app
from gateway.settings import Settings
from tests.gateway.fakes import FakeRasa

pytestmark = pytest.mark.slow


class Talk:
    """One conversation over an asynchronous client."""

    def __init__(self, client: httpx.AsyncClient, started: dict[str, Any]) -> None:
        self.client = client
        self.path = f"/api/conversations/{started['conversation_id']}"
        self.headers = {"Authorization": f"Bearer {started['token']}"}

    async def post(self, text: str, client_message_id: str | None = None, client: httpx.AsyncClient | None = None) -> Any:
        body = {"text": text, "client_message_id": client_message_id or str(uuid4())}
        return await (client or self.client).post(f"{self.path}/messages", json=body, headers=self.headers)

    async def history(self) -> list[dict[str, Any]]:
        response = await self.client.get(f"{self.path}/messages", headers=self.headers)
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages


def run(app: FastAPI, work: Callable[[httpx.AsyncClient], Awaitable[None]]) -> None:
    """Run `work` with a client of the running app."""

    async def main() -> None:
        async with app.router.lifespan_context(app), client_of(app) as client:
            await work(client)

    asyncio.run(main())


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8080")


async def start(client: httpx.AsyncClient) -> Talk:
    return Talk(client, (await client.post("/api/conversations", json={})).json())


@pytest.fixture
def app(settings: Settings, rasa: FakeRasa) -> FastAPI:
    return create_app(settings, rasa.transport)


def check_whole(history: list[dict[str, Any]], count: int) -> None:
    """Every message is there once with its reply, and replies stand in the order of the messages."""
    asked = [message for message in history if message["sender"] == "visitor"]
    replies = [message for message in history[1:] if message["sender"] == "bot"]
    assert len({message["client_message_id"] for message in asked}) == len(asked) == count
    assert [reply["reply_to"] for reply in replies] == [message["id"] for message in asked]
    assert [reply["text"] for reply in replies] == [f"You said: {message['text']}" for message in asked]


def test_posts_at_once_in_one_conversation_are_answered_one_by_one(app: FastAPI, rasa: FakeRasa) -> None:
    rasa.delay_seconds = 0.01

    async def work(client: httpx.AsyncClient) -> None:
        talk = await start(client)
        responses = await asyncio.gather(*(talk.post(f"message {number}") for number in range(12)))
        assert {response.status_code for response in responses} == {200}
        check_whole(await talk.history(), 12)

    run(app, work)
    assert rasa.overlaps == 0


def test_the_same_post_at_once_does_nothing_twice(app: FastAPI, rasa: FakeRasa) -> None:
    rasa.delay_seconds = 0.02

    async def work(client: httpx.AsyncClient) -> None:
        talk, client_message_id = await start(client), str(uuid4())
        responses = await asyncio.gather(*(talk.post("hello", client_message_id) for _ in range(8)))
        assert len({response.text for response in responses}) == 1
        check_whole(await talk.history(), 1)

    run(app, work)
    assert len(rasa.asked) == 1


def test_two_processes_take_turns_in_one_conversation(settings: Settings, rasa: FakeRasa) -> None:
    rasa.delay_seconds = 0.01
    first, second = create_app(settings, rasa.transport), create_app(settings, rasa.transport)

    async def work(client: httpx.AsyncClient) -> None:
        async with second.router.lifespan_context(second), client_of(second) as other:
            talk = await start(client)
            posts = (talk.post(f"message {number}", client=(client, other)[number % 2]) for number in range(10))
            responses = await asyncio.gather(*posts)
            assert {response.status_code for response in responses} == {200}
            check_whole(await talk.history(), 10)

    run(first, work)
    assert rasa.overlaps == 0


def test_many_conversations_at_once_lose_and_double_nothing(app: FastAPI, rasa: FakeRasa) -> None:
    async def work(client: httpx.AsyncClient) -> None:
        talks = await asyncio.gather(*(start(client) for _ in range(30)))

        async def converse(talk: Talk) -> None:
            for number in range(3):
                assert (await talk.post(f"message {number}")).status_code == 200

        await asyncio.gather(*map(converse, talks))
        for talk in talks:
            check_whole(await talk.history(), 3)

    run(app, work)
    assert len(rasa.asked) == 90


def test_erasing_during_a_turn_keeps_nothing(app: FastAPI, rasa: FakeRasa) -> None:
    rasa.delay_seconds = 0.1

    async def work(client: httpx.AsyncClient) -> None:
        talk = await start(client)
        posting = asyncio.create_task(talk.post("canary"))
        await asyncio.sleep(0.05)
        assert (await client.delete(talk.path, headers=talk.headers)).status_code == 204
        assert (await posting).status_code == 401
        await asyncio.sleep(0.05)

    run(app, work)
    assert len(rasa.erased) >= 1


def test_waiting_message_gets_the_fallback_in_time(settings: Settings, rasa: FakeRasa) -> None:
    """A turn that another process took and lost must not hold up a visitor for longer than Rasa may take."""
    rasa.delay_seconds = 1
    app = create_app(settings.model_copy(update={"rasa_timeout_seconds": 0.3}), rasa.transport)

    async def work(client: httpx.AsyncClient) -> None:
        talk = await start(client)
        replies = await asyncio.gather(*(talk.post(f"message {number}") for number in range(3)))
        assert [reply.json()["messages"][0]["kind"] for reply in replies] == ["unavailable"] * 3

    run(app, work)


def test_message_that_waits_is_left_to_staff_who_take_over(settings: Settings, rasa: FakeRasa) -> None:
    rasa.delay_seconds = 0.3
    app = create_app(settings, rasa.transport)

    async def work(client: httpx.AsyncClient) -> None:
        talk = await start(client)
        first = asyncio.create_task(talk.post("one"))
        while not rasa.asked:
            await asyncio.sleep(0.01)
        second = asyncio.create_task(talk.post("two"))
        while len(await talk.history()) < 3:
            await asyncio.sleep(0.01)
        taken = sqlalchemy.text("UPDATE conversations SET owner = 'staff' WHERE id = :id")
        await app.state.parts.storage.write(lambda session: session.execute(taken, {"id": talk.path.split("/")[-1]}))
        assert (await first).json() == {"messages": []}  # the bot was about to speak, and does not talk over the person
        assert (await second).json() == {"messages": []}

    run(app, work)
    assert len(rasa.asked) == 1
