"""Who answers: each way in which handoffs break elsewhere, as a test (bots that talk over people, silence, loops, nobody there)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from database.base import now
from database.engine import transaction
from desk.dialogues import conversation_of, dialogue_id
from desk.models import Handoff
from gateway import ids, live_watch
from gateway.parts import Parts
from tests.gateway.clinic_staff import Agent, file, stored
from tests.gateway.fakes import FakeRasa
from tests.gateway.visitor import Visitor


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.opening.is_open", lambda clinic, at: True)


@pytest.fixture
def agent(parts: Parts) -> Agent:
    return Agent(parts)


@pytest.fixture
def waiting(visitor: Visitor, agent: Agent) -> Visitor:
    """A visitor who waits for a person to join."""
    agent.goes_on_duty()
    assert file(visitor, channel="live")["channel"] == "live"
    agent.goes_off_duty()
    return visitor


def lines(visitor: Visitor, sender: str) -> list[str]:
    return [message["text"] for message in visitor.history() if message["sender"] == sender]


def owner(visitor: Visitor) -> str:
    said: str = visitor.call("GET", "/handoff-options").json()["owner"]
    return said


def give_up(parts: Parts, minutes: int = 5) -> int:
    with transaction(parts.storage.engine) as session:
        return len(live_watch.give_up(session, parts.clinic, minutes))


def wait(parts: Parts, visitor: Visitor, minutes: int) -> None:
    with transaction(parts.storage.engine) as session:
        earlier = now() - timedelta(minutes=minutes)
        session.execute(update(Handoff).where(Handoff.conversation_id == visitor.id).values(created_at=earlier))


def test_bot_keeps_quiet_from_the_request_to_the_end(waiting: Visitor, agent: Agent, rasa: FakeRasa) -> None:
    assert waiting.say("hello, is anybody there?") == []
    agent.claims(waiting)
    agent.says(waiting, "Hello, this is Sam.")
    assert waiting.say("how long is recovery?") == []
    assert rasa.asked == []
    assert owner(waiting) == "staff"
    agent.resolves(waiting)
    assert waiting.say("thank you")[0]["text"] == "You said: thank you"


def test_every_change_is_told_with_what_happens_next(waiting: Visitor, agent: Agent) -> None:
    agent.claims(waiting)
    agent.releases(waiting)
    agent.claims(waiting)
    agent.resolves(waiting)
    told = lines(waiting, "system")
    expected = [
        "If nobody has joined in 5 minutes, I tell you",
        "Sam from the clinic has joined",
        "waiting for another person",
        "Sam",
        "is closed",
    ]
    assert len(told) == len(expected)
    for line, part in zip(told, expected, strict=True):
        assert part in line


def test_callback_leaves_the_bot_answering_until_somebody_writes(visitor: Visitor, agent: Agent) -> None:
    file(visitor)
    assert visitor.say("how long is recovery?")[0]["sender"] == "bot"
    agent.claims(visitor)
    assert visitor.say("and does it hurt?")[0]["sender"] == "bot"
    agent.says(visitor, "Hello, this is Sam.")
    assert visitor.say("hello Sam") == []
    assert "takes care of your request" in lines(visitor, "system")[0]
    assert "has joined this chat" in lines(visitor, "system")[1]


def test_hand_back_begins_a_new_episode_with_an_empty_memory(waiting: Visitor, agent: Agent, rasa: FakeRasa, parts: Parts) -> None:
    agent.claims(waiting)
    agent.resolves(waiting, "handed_back")
    assert "Sam has left this chat" in lines(waiting, "system")[-1]
    waiting.say("how long is recovery?")
    assert rasa.asked[-1]["conversation_id"] == dialogue_id(waiting.id, 2) != waiting.id
    file(waiting)
    assert [line["text"] for line in stored(parts, waiting).transcript] == ["how long is recovery?", "You said: how long is recovery?"]


def test_resolved_callback_begins_a_new_episode_too(visitor: Visitor, agent: Agent, rasa: FakeRasa) -> None:
    file(visitor)
    agent.claims(visitor)
    agent.resolves(visitor, "booked")
    visitor.say("hello")
    assert rasa.asked[-1]["conversation_id"] == dialogue_id(visitor.id, 2)
    assert "Your visit is arranged." in lines(visitor, "system")[-1]


def test_erasure_lets_rasa_forget_every_episode(waiting: Visitor, agent: Agent, rasa: FakeRasa) -> None:
    agent.claims(waiting)
    agent.resolves(waiting)
    waiting.call("DELETE", "")
    assert {waiting.id, dialogue_id(waiting.id, 2)} <= set(rasa.erased)


def test_dialogue_leads_back_to_its_conversation() -> None:
    conversation_id = ids.new_conversation_id()
    assert {conversation_of(dialogue_id(conversation_id, episode)) for episode in (1, 2, 37)} == {conversation_id}


def test_live_chat_becomes_a_call_where_nobody_is_on_duty(visitor: Visitor, agent: Agent) -> None:
    reply = file(visitor, channel="live")
    assert (reply["channel"], owner(visitor)) == ("callback", "bot")
    assert lines(visitor, "system") == []


def test_live_chat_becomes_a_call_out_of_hours(visitor: Visitor, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.opening.is_open", lambda clinic, at: False)
    agent.goes_on_duty()
    assert file(visitor, channel="live")["channel"] == "callback"
    agent.goes_off_duty()


def test_nobody_waits_for_ever(waiting: Visitor, parts: Parts) -> None:
    assert give_up(parts) == 0
    wait(parts, waiting, minutes=6)
    assert give_up(parts) == 1
    assert give_up(parts) == 0
    handoff = stored(parts, waiting)
    assert (handoff.state, handoff.channel, owner(waiting)) == ("waiting", "callback", "bot")
    told = lines(waiting, "system")[-1]
    assert "nobody could join" in told
    assert handoff.promise in told
    assert handoff.reference in told
    assert waiting.say("all right")[0]["sender"] == "bot"


def test_chat_that_was_joined_is_not_given_up(waiting: Visitor, agent: Agent, parts: Parts) -> None:
    wait(parts, waiting, minutes=60)
    agent.claims(waiting)
    assert give_up(parts) == 0
    agent.releases(waiting)
    assert give_up(parts) == 0  # it waits from now on


def test_emergency_is_answered_while_a_person_has_the_chat(waiting: Visitor, agent: Agent, rasa: FakeRasa, parts: Parts) -> None:
    agent.claims(waiting)
    version = stored(parts, waiting).version
    [alarm] = waiting.say("my face dropped an hour ago and my arm is weak")
    assert (alarm["kind"], alarm["sender"]) == ("emergency", "bot")
    handoff = stored(parts, waiting)
    assert (handoff.urgency, handoff.version, owner(waiting)) == ("urgent", version + 1, "staff")


def test_emergency_is_answered_once_when_it_is_sent_again(waiting: Visitor) -> None:
    body = {"text": "my face dropped an hour ago and my arm is weak", "client_message_id": str(uuid4())}
    first, second = waiting.post(body).json(), waiting.post(body).json()
    assert first == second
    assert [message["kind"] for message in waiting.history()].count("emergency") == 1


def test_emergency_raises_the_request_that_waits(visitor: Visitor, parts: Parts) -> None:
    file(visitor)
    visitor.say("my face dropped an hour ago and my arm is weak")
    assert stored(parts, visitor).urgency == "urgent"


def test_staff_see_the_message_that_came_while_they_were_away(waiting: Visitor) -> None:
    waiting.say("hello?")
    assert lines(waiting, "visitor") == ["hello?"]


def test_typing_call_needs_the_own_token(visitor: Visitor, stranger: Visitor) -> None:
    assert visitor.call("POST", "/typing").status_code == 204
    assert visitor.client.post(f"/api/conversations/{visitor.id}/typing", headers=stranger.headers).status_code == 401


def test_person_who_writes_is_announced_once(visitor: Visitor, agent: Agent) -> None:
    agent.says(visitor, "Hello.")
    agent.says(visitor, "How can I help?")
    assert [message["sender"] for message in visitor.history()] == ["bot", "system", "staff", "staff"]
    assert owner(visitor) == "staff"
