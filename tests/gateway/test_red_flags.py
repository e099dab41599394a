"""An emergency is answered by the gateway itself, in front of Rasa and without it."""

import pytest

from tests.gateway.fakes import FakeRasa
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
