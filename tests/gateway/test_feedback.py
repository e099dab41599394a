from sqlalchemy import text

from gateway.parts import Parts
from tests.gateway.fakes import FakeRasa, answer_card, bot_message
from tests.gateway.visitor import Visitor


def rows(parts: Parts, message_id: str) -> list[tuple[object, ...]]:
    statement = text("SELECT answer_id, answer_version, helpful, comment FROM feedback WHERE message_id = :id")
    with parts.storage.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(statement, {"id": message_id})]


def test_feedback_is_stored_once_with_the_version_shown(visitor: Visitor, rasa: FakeRasa, parts: Parts) -> None:
    rasa.replies = [bot_message("answer", "It takes weeks.", answer=answer_card())]
    message_id = visitor.say("How long?")[0]["id"]
    visitor.call("POST", "/feedback", json={"message_id": message_id, "helpful": False, "comment": "too long"})
    response = visitor.call("POST", "/feedback", json={"message_id": message_id, "helpful": True})
    assert response.json() == {"message_id": message_id, "helpful": True, "comment": None}
    assert rows(parts, message_id) == [("recovery/general", 3, 1, None)]


def test_feedback_refuses_other_messages(visitor: Visitor, stranger: Visitor) -> None:
    visitor.say("Hello")
    own, foreign = visitor.history()[1]["id"], stranger.history()[0]["id"]
    for message_id in (own, foreign, "nothing"):
        response = visitor.call("POST", "/feedback", json={"message_id": message_id, "helpful": True})
        assert response.json()["error"]["code"] == "message_not_found"


def test_feedback_refuses_an_endless_comment(visitor: Visitor) -> None:
    response = visitor.call("POST", "/feedback", json={"message_id": "x", "helpful": True, "comment": "x" * 1001})
    assert response.json()["error"]["code"] == "text_too_long"
