from uuid import uuid4

import httpx
import pytest
import sqlalchemy

from tests.gateway.fakes import FakeRasa, answer_card, bot_message
from tests.gateway.visitor import Visitor

PHONE = "+1 312-555-0142"


def test_start_gives_a_token_and_a_greeting(visitor: Visitor) -> None:
    greeting = visitor.started["messages"][0]
    assert (greeting["sender"], greeting["kind"]) == ("bot", "text")
    assert "Recovery · Risks and scars" in greeting["text"]
    assert "911" in greeting["text"]


def test_message_gets_the_reply_of_rasa(visitor: Visitor, rasa: FakeRasa) -> None:
    rasa.replies = [bot_message("answer", "It takes weeks.", answer=answer_card(), assumed="about the gracilis transfer")]
    (reply,) = visitor.say("How long is recovery?")
    assert {key: reply[key] for key in ("sender", "kind", "text", "assumed", "answer")} == {
        "sender": "bot",
        "kind": "answer",
        "text": "It takes weeks.",
        "assumed": "about the gracilis transfer",
        "answer": answer_card(),
    }
    assert reply["at"].endswith("Z")


def test_rasa_gets_only_id_kind_and_text(visitor: Visitor, rasa: FakeRasa) -> None:
    visitor.say("  How\u200b long\n is  it? ")
    assert rasa.asked == [{"conversation_id": visitor.id, "kind": "text", "text": "How long is it?"}]


def test_two_part_question_gives_two_answers(visitor: Visitor, rasa: FakeRasa) -> None:
    rasa.replies = [bot_message("answer", f"Part {part}", answer=answer_card()) for part in (1, 2)]
    assert [message["text"] for message in visitor.say("Two things?")] == ["Part 1", "Part 2"]


def test_repeated_post_gives_the_same_reply_once(visitor: Visitor, rasa: FakeRasa) -> None:
    body = {"text": "Hello", "client_message_id": str(uuid4())}
    first, second = visitor.post(body), visitor.post(body)
    assert first.json() == second.json()
    assert len(rasa.asked) == 1
    assert len(visitor.history()) == 3


def test_repeated_id_with_other_text_is_refused(visitor: Visitor) -> None:
    client_message_id = str(uuid4())
    visitor.post({"text": "Hello", "client_message_id": client_message_id})
    response = visitor.post({"text": "Goodbye", "client_message_id": client_message_id})
    assert (response.status_code, response.json()["error"]["code"]) == (409, "message_conflict")


def test_history_is_in_order_and_continues_after(visitor: Visitor) -> None:
    for text in ("one", "two", "three"):
        visitor.say(text)
    history = visitor.history()
    assert [message["text"] for message in history[1:]] == ["one", "You said: one", "two", "You said: two", "three", "You said: three"]
    assert visitor.history(after=history[3]["id"]) == history[4:]


def test_history_names_own_messages_and_replies(visitor: Visitor) -> None:
    client_message_id = str(uuid4())
    visitor.post({"text": "Hello", "client_message_id": client_message_id})
    _greeting, own, reply = visitor.history()
    assert own["client_message_id"] == client_message_id
    assert reply["reply_to"] == own["id"]


def test_history_after_an_unknown_message_is_404(visitor: Visitor, stranger: Visitor) -> None:
    for foreign in ("nothing", stranger.history()[0]["id"]):
        assert visitor.call("GET", "/messages", params={"after": foreign}).json()["error"]["code"] == "message_not_found"


def test_button_hides_the_payload_of_rasa(visitor: Visitor, rasa: FakeRasa) -> None:
    rasa.replies = [bot_message("clarify", "Which?", buttons=[{"title": "Gracilis", "payload": '/choose_answer{"id": "a"}'}])]
    (reply,) = visitor.say("Which one?")
    (button,) = reply["buttons"]
    assert button["title"] == "Gracilis"
    assert "choose" not in button["payload"]
    rasa.replies = None
    visitor.post({"payload": button["payload"]})
    assert rasa.asked[-1] == {"conversation_id": visitor.id, "kind": "payload", "text": '/choose_answer{"id": "a"}'}
    assert visitor.history()[-2]["text"] == "Gracilis"


def test_button_of_another_conversation_is_refused(visitor: Visitor, stranger: Visitor, rasa: FakeRasa) -> None:
    rasa.replies = [bot_message("clarify", "Which?", buttons=[{"title": "A", "payload": "/choose_answer"}])]
    payload = stranger.say("Which one?")[0]["buttons"][0]["payload"]
    for never_offered in (payload, "/choose_answer", '/request_appointment{"phone":"x"}'):
        response = visitor.post({"payload": never_offered})
        assert (response.status_code, response.json()["error"]["code"]) == (422, "payload_not_offered")
    assert len(rasa.asked) == 1
    assert len(visitor.history()) == 1


COMMANDS = ["/restart", '/request_appointment{"phone":"x"}', "\u00a0/restart", "\x1c//restart", "/ /\u2003/restart", "\u200b/restart"]


@pytest.mark.parametrize("text", COMMANDS)
def test_leading_slash_is_text(visitor: Visitor, rasa: FakeRasa, text: str) -> None:
    visitor.say(text)
    assert rasa.asked[0]["kind"] == "text"
    assert not rasa.asked[0]["text"].strip().startswith("/")
    assert visitor.history()[1]["text"].startswith("/")


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("cut"),
        httpx.Response(502),
        httpx.Response(200, json={"messages": []}),
        httpx.Response(200, json=[]),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"messages": [{"kind": "unavailable", "text": "x"}]}),
        httpx.Response(200, json={"messages": [{"kind": "text", "text": ""}]}),
        httpx.Response(200, json={"messages": [{"kind": "answer", "text": "x", "answer": {"id": 1}}]}),
    ],
)
def test_failing_rasa_gives_phone_and_form_and_keeps_the_message(
    visitor: Visitor, rasa: FakeRasa, failure: Exception | httpx.Response
) -> None:
    rasa.failure = failure
    (reply,) = visitor.say("Is anybody there?")
    assert reply["kind"] == "unavailable"
    assert PHONE in reply["text"]
    assert "https://clinic.example.org" in reply["text"]
    assert visitor.history()[1]["text"] == "Is anybody there?"


def test_conversation_goes_on_when_rasa_is_back(visitor: Visitor, rasa: FakeRasa) -> None:
    rasa.failure = httpx.ConnectError("refused")
    assert visitor.say("one")[0]["kind"] == "unavailable"
    rasa.failure = None
    assert visitor.say("two")[0]["text"] == "You said: two"


@pytest.mark.parametrize("kind", ["not_covered", "clarify"])
def test_unanswered_question_is_noted(visitor: Visitor, rasa: FakeRasa, kind: str) -> None:
    rasa.replies = [bot_message(kind, "I do not know.")]
    visitor.say("What is the price?")
    assert _rows(visitor, "SELECT kind, text FROM unanswered_questions WHERE conversation_id = :id") == [(kind, "What is the price?")]


def test_message_for_staff_does_not_reach_rasa(visitor: Visitor, rasa: FakeRasa) -> None:
    _rows(visitor, "UPDATE conversations SET owner = 'staff' WHERE id = :id")
    assert visitor.say("Hello?") == []
    assert rasa.asked == []
    assert visitor.history()[-1]["text"] == "Hello?"


def _rows(visitor: Visitor, statement: str) -> list[tuple[object, ...]]:
    with visitor.client.app.state.parts.storage.engine.begin() as connection:  # type: ignore[attr-defined]
        result = connection.execute(sqlalchemy.text(statement), {"id": visitor.id})
        return [tuple(row) for row in result] if result.returns_rows else []
