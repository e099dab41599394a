import asyncio

import httpx
from sqlalchemy import text

from gateway import erasures
from gateway.parts import Parts
from tests.gateway.fakes import FakeRasa, bot_message
from tests.gateway.visitor import Visitor

TABLES = ("conversations", "messages", "offered_buttons", "unanswered_questions", "tracker_erasures")


def count(parts: Parts, table: str, conversation_id: str) -> int:
    column = "id" if table == "conversations" else "conversation_id"
    with parts.storage.engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table} WHERE {column} = :id"), {"id": conversation_id}).scalar_one())


def test_erase_leaves_only_whether_it_helped(visitor: Visitor, rasa: FakeRasa, parts: Parts) -> None:
    rasa.replies = [bot_message("clarify", "Which?", buttons=[{"title": "A", "payload": "/a"}])]
    message_id = visitor.say("Canary question")[0]["id"]
    visitor.call("POST", "/feedback", json={"message_id": message_id, "helpful": True, "comment": "Canary"})
    assert visitor.call("DELETE").status_code == 204
    assert {table: count(parts, table, visitor.id) for table in TABLES} == dict.fromkeys(TABLES, 0)
    with parts.storage.engine.connect() as connection:
        left = connection.execute(text("SELECT conversation_id, message_id, comment, helpful FROM feedback ORDER BY id DESC")).first()
    assert left is not None
    assert tuple(left) == (None, None, None, 1)
    assert rasa.erased == [visitor.id]
    assert visitor.call("GET", "/messages").status_code == 401


def test_erase_leaves_other_conversations_alone(visitor: Visitor, stranger: Visitor) -> None:
    visitor.say("mine")
    stranger.say("theirs")
    visitor.call("DELETE")
    assert [message["text"] for message in stranger.history()[1:]] == ["theirs", "You said: theirs"]


def test_erase_reaches_rasa_later_when_it_is_down(visitor: Visitor, rasa: FakeRasa, parts: Parts) -> None:
    rasa.failure = httpx.ConnectError("refused")
    assert visitor.call("DELETE").status_code == 204
    assert count(parts, "tracker_erasures", visitor.id) == 1
    rasa.failure = None
    asyncio.run(erasures.settle(parts.storage, parts.rasa))
    assert rasa.erased == [visitor.id]
    assert count(parts, "tracker_erasures", visitor.id) == 0
