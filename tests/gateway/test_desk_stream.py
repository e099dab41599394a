"""The live stream of the desk."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from fastapi.sse import ServerSentEvent

from database.base import now
from database.engine import transaction
from desk import sign_in
from gateway.desk import stream
from gateway.hub import DESK
from gateway.parts import Parts
from tests.gateway.desk_person import Person
from tests.gateway.filing import filed
from tests.gateway.visitor import Visitor

PATIENCE_SECONDS = 20


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LOOK_SECONDS", 0.02)


def seen(parts: Parts, who: Person, name: str, *acts: object) -> dict[str, object]:
    """Return the first event `name` after `acts` were done one after the other, each once the stream runs."""

    async def follow() -> dict[str, object]:
        events = stream.follow(parts, who.browser.cookies["frontdesk_session"], who.id)
        await anext(events)
        waiting = asyncio.create_task(_first(events, name))
        await asyncio.sleep(0.1)
        for act in acts:
            await asyncio.to_thread(act)  # type: ignore[arg-type]
        return await asyncio.wait_for(waiting, PATIENCE_SECONDS)

    return asyncio.run(follow())


async def _first(events: AsyncIterator[ServerSentEvent], name: str) -> dict[str, object]:
    async for event in events:
        if event.event == name:
            data: dict[str, object] = json.loads(event.raw_data or "{}")
            return data
    raise AssertionError(f"the stream ended without {name}")


def test_new_handoff_is_told_with_its_id_only(parts: Parts, dana: Person, visitor: Visitor) -> None:
    data = seen(parts, dana, "handoffs", lambda: filed(parts, visitor))
    assert [change["action"] for change in data["changes"]] == ["handoff.filed"]  # type: ignore[attr-defined]
    assert "Robin" not in json.dumps(data)


def test_reading_is_not_news(parts: Parts, dana: Person, visitor: Visitor) -> None:
    path = f"/desk/handoffs/{filed(parts, visitor)}"
    data = seen(parts, dana, "handoffs", lambda: dana.see(path), lambda: dana.do(f"{path}/claim"))
    assert "handoff.read" not in json.dumps(data)


def test_message_of_the_visitor_is_told(parts: Parts, dana: Person, visitor: Visitor) -> None:
    handoff_id = filed(parts, visitor)
    dana.do(f"/desk/handoffs/{handoff_id}/claim")
    dana.do(f"/desk/handoffs/{handoff_id}/take-over")
    seqs = seen(parts, dana, "messages", lambda: visitor.say("Hello?"))
    assert handoff_id in seqs["handoffs"]  # type: ignore[operator]


def test_typing_of_the_visitor_is_told_to_who_has_the_chat(parts: Parts, dana: Person, visitor: Visitor) -> None:
    handoff_id = filed(parts, visitor)
    dana.do(f"/desk/handoffs/{handoff_id}/claim")
    data = seen(parts, dana, "typing", lambda: parts.hub.note_typing(visitor.id, "visitor"))
    assert data == {"handoffs": [handoff_id]}


def test_stream_ends_with_the_session(parts: Parts, dana: Person) -> None:
    def end() -> None:
        with transaction(parts.storage.engine) as session:
            sign_in.end(session, dana.browser.cookies["frontdesk_session"], at=now())

    assert seen(parts, dana, "ended", end) == {}


def test_watches_are_given_back(parts: Parts, dana: Person, visitor: Visitor) -> None:
    filed(parts, visitor)

    async def open_and_close() -> None:
        events = stream.follow(parts, dana.browser.cookies["frontdesk_session"], dana.id)
        await anext(events)
        waiting = asyncio.create_task(_first(events, "never"))
        await asyncio.sleep(0.1)
        assert parts.hub.count(DESK)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await events.aclose()  # type: ignore[attr-defined]

    before = parts.hub.count_all()
    asyncio.run(open_and_close())
    assert parts.hub.count_all() == before
