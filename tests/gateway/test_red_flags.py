"""An emergency is answered by the gateway itself, in front of Rasa and without it."""

import pytest

from tests.gateway.fakes import FakeRasa, bot_message
from tests.gateway.visitor import Visitor


@pytest.mark.parametrize("text", ["my dad's face just dropped and he can't lift his arm", "I CANT BREATHE since the surgery this morning"])
def test_emergency_is_answered_without_rasa(visitor: Visitor, rasa: FakeRasa, text: str) -> None:
    (reply,) = visitor.say(text)
    assert reply["kind"] == "emergency"
    assert "911" in reply["text"]
    assert rasa.asked == []


def test_question_about_a_sign_goes_to_rasa(visitor: Visitor, rasa: FakeRasa) -> None:
    visitor.say("can a stroke years ago cause facial paralysis?")
    assert len(rasa.asked) == 1


def test_emergency_is_kept_in_the_history(visitor: Visitor) -> None:
    visitor.say("my face dropped an hour ago")
    assert [message["kind"] for message in visitor.history()][-1] == "emergency"


EMERGENCY = "I CANT BREATHE since the surgery this morning"
OFFER = bot_message(
    "handoff",
    "They can call you back, or set up a visit.",
    buttons=[
        {"title": "Request an appointment", "payload": "/choose_appointment"},
        {"title": "Call me back", "payload": "/choose_callback"},
    ],
)


def test_turn_after_an_emergency_offers_no_appointment(visitor: Visitor, rasa: FakeRasa) -> None:
    rasa.replies = [OFFER]
    visitor.say(EMERGENCY)
    (reply,) = visitor.say("ok what else")
    assert [button["title"] for button in reply["buttons"]] == ["Call me back"]
    assert "visit" not in reply["text"]
    assert reply["text"].startswith("If you need help now, call 911.")
    assert "+1 312-555-0142" in reply["text"]


def test_later_turn_offers_again(visitor: Visitor, rasa: FakeRasa) -> None:
    visitor.say(EMERGENCY)
    visitor.say("thank you, we are home again")
    rasa.replies = [OFFER]
    (reply,) = visitor.say("can somebody call")
    assert reply["text"] == OFFER["text"]


def test_reply_of_rasa_names_the_number_of_the_clinic(visitor: Visitor, rasa: FakeRasa) -> None:
    rasa.replies = [bot_message("smalltalk", "Hello. In an emergency, call {emergency_number} now.")]
    (reply,) = visitor.say("hello")
    assert reply["text"] == "Hello. In an emergency, call 911 now."
