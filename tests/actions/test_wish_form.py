"""The forms: five questions that can be interrupted, mended, gone back in, left open and left."""

import time

import pytest

from desk.dialogues import dialogue_id
from tests.actions.form_talk import CONVERSATION_ID, Talk, texts


def test_questions_come_in_order_and_lead_to_the_card() -> None:
    talk = Talk()
    assert "in person, or have a virtual visit" in texts(talk.begin())
    assert "When would it suit you" in texts(talk.press("visit_type=virtual"))
    assert "Have you been a patient" in texts(talk.say("Tuesday after 3"))
    assert "Which insurer" in texts(talk.say("I have never been there"))
    assert "What is it about" in texts(talk.say("Example Health"))
    [summary] = talk.say("my eyelid does not close")
    assert summary["custom"]["kind"] == "handoff"
    card = summary["custom"]["contact_card"]
    assert card["channel"] == "appointment"
    assert card["opens"] is True
    assert card["promise_preview"] == "A promise for appointment."
    wishes = card["wishes"]
    assert (wishes["visit_type"], wishes["patient"], wishes["insurer"]) == ("virtual", "new", "Example Health")
    assert wishes["about"] == "my eyelid does not close"
    assert "3:00 PM" in wishes["preferred_times"]
    assert talk.reception.drafts[CONVERSATION_ID].wishes == wishes


def test_call_asks_only_when_and_what() -> None:
    talk = Talk("callback_form")
    assert "When may we call you" in texts(talk.begin())
    talk.say("any time")
    [summary] = talk.say("scars")
    assert summary["custom"]["contact_card"]["wishes"] == {"preferred_times": "any time", "about": "scars"}
    assert talk.reception.drafts[CONVERSATION_ID].channel == "callback"


def test_questions_are_of_the_kind_form() -> None:
    talk = Talk()
    said = [*talk.begin(), *talk.press("visit_type=virtual"), *talk.say("mornings"), *talk.press("patient=new"), *talk.say("skip")]
    assert {response["custom"]["kind"] for response in said} == {"form"}


def test_times_are_read_back() -> None:
    talk = Talk()
    talk.begin()
    talk.press("visit_type=virtual")
    assert "I have noted: any day, in the morning" in texts(talk.say("mornings"))


def test_past_time_is_refused_and_asked_for_again() -> None:
    talk = Talk()
    talk.begin()
    talk.press("visit_type=virtual")
    said = texts(talk.say("yesterday"))
    assert "has passed" in said
    assert "When would it suit you" in said
    assert talk.slots["preferred_times"] is None
    assert talk.slots["requested_slot"] == "preferred_times"


def test_time_that_cannot_be_read_is_kept_as_said() -> None:
    talk = Talk()
    talk.begin()
    talk.press("visit_type=virtual")
    talk.say("whenever my sister can drive me")
    assert talk.slots["preferred_times"] == "whenever my sister can drive me"


@pytest.mark.parametrize(
    ("said", "value"),
    [("video please", "virtual"), ("I'd rather come in", "in_person"), ("at the clinic", "in_person"), ("online", "virtual")],
)
def test_visit_type_is_read_from_words(said: str, value: str) -> None:
    talk = Talk()
    talk.begin()
    talk.say(said)
    assert talk.slots["visit_type"] == value


@pytest.mark.parametrize(
    ("said", "value"),
    [("first time", "new"), ("no", "new"), ("yes", "returning"), ("I was there before", "returning"), ("never been there", "new")],
)
def test_patient_is_read_from_words(said: str, value: str) -> None:
    talk = Talk()
    talk.begin()
    talk.press("visit_type=virtual")
    talk.say("mornings")
    talk.say(said)
    assert talk.slots["patient"] == value


def test_question_in_the_middle_is_answered_and_the_open_one_asked_again() -> None:
    talk = Talk()
    talk.begin()
    talk.press("visit_type=virtual")
    said = talk.say("how long is gracilis recovery?", "ask_recovery")
    assert [response["custom"]["kind"] for response in said] == ["answer", "form", "form"]
    assert "When would it suit you" in said[-1]["text"]
    assert talk.slots["preferred_times"] is None
    assert talk.slots["visit_type"] == "virtual"
    assert talk.slots["topic"] == "recovery"


def test_small_talk_in_the_middle_is_answered() -> None:
    talk = Talk()
    talk.begin()
    said = talk.say("thank you so much", "thank")
    assert said[0]["response"] == "utter_thank"
    assert "in person" in said[-1]["text"]


def test_person_can_be_asked_for_in_the_middle() -> None:
    talk = Talk()
    talk.begin()
    said = talk.say("just let me talk to somebody", "request_person")
    assert said[0]["custom"]["kind"] == "handoff"
    assert talk.slots["requested_slot"] == "visit_type"


@pytest.mark.parametrize("said", ["no, Wednesday instead", "sorry, I meant Wednesday", "actually Wednesday"])
def test_earlier_wish_is_corrected(said: str) -> None:
    talk = Talk()
    talk.begin()
    talk.press("visit_type=virtual")
    talk.say("Tuesday after 3")
    replies = texts(talk.say(said, "correct_subject"))
    assert "I have changed that to: Wednesday" in replies
    assert "Have you been a patient" in replies
    assert "Wednesday" in talk.slots["preferred_times"]


def test_summary_can_be_corrected_and_is_shown_again() -> None:
    talk = Talk()
    talk.fill()
    said = talk.say("no, in person instead")
    assert said[-1]["custom"]["contact_card"]["wishes"]["visit_type"] == "in_person"
    assert talk.reception.drafts[CONVERSATION_ID].wishes["visit_type"] == "in_person"


def test_question_after_the_summary_is_answered_without_repeating_it() -> None:
    talk = Talk()
    talk.fill()
    said = talk.say("how long is gracilis recovery?", "ask_recovery")
    assert [response["custom"]["kind"] for response in said] == ["answer"]
    said = talk.say("no, in person instead")
    assert said[-1]["custom"]["contact_card"]["wishes"]["visit_type"] == "in_person"


def test_yes_to_the_summary_says_that_the_card_sends_it() -> None:
    talk = Talk()
    talk.fill()
    assert "sent when you fill in the card" in texts(talk.say("yes", "affirm"))


def test_going_back_asks_the_question_before() -> None:
    talk = Talk()
    talk.begin()
    talk.press("visit_type=virtual")
    assert "in person, or have a virtual" in texts(talk.say("go back", "go_back"))
    talk.say("in person")
    assert talk.slots["visit_type"] == "in_person"
    assert "in person, or have a virtual" in texts(talk.say("back", "go_back"))
    assert "in person, or have a virtual" in texts(talk.say("back", "go_back"))


def test_going_back_from_the_summary_asks_the_last_question() -> None:
    talk = Talk()
    talk.fill()
    assert "What is it about" in texts(talk.say("go back", "go_back"))


def test_starting_over_forgets_all_answers() -> None:
    talk = Talk()
    talk.fill()
    said = texts(talk.press("all=again"))
    assert "from the beginning" in said
    assert "in person, or have a virtual" in said
    assert [talk.slots[name] for name in ("visit_type", "preferred_times", "patient", "insurer", "about")] == [None] * 5


def test_cancelling_leaves_nothing_behind() -> None:
    talk = Talk()
    talk.fill()
    assert "nothing was sent" in texts(talk.say("never mind", "cancel"))
    assert talk.form is None
    assert talk.reception.drafts == {}
    assert talk.slots["visit_type"] is None


def test_every_question_can_be_skipped() -> None:
    talk = Talk()
    talk.begin()
    for _ in range(4):
        talk.say("skip")
    [summary] = talk.say("I don't know")
    assert summary["custom"]["contact_card"]["wishes"] == {}


def test_question_that_is_not_understood_is_explained_and_then_left_open() -> None:
    talk = Talk()
    talk.begin()
    assert "I did not understand that" in texts(talk.say("purple"))
    said = texts(talk.say("very purple"))
    assert "I leave that open" in said
    assert "When would it suit you" in said


def test_subject_is_filled_in_from_the_conversation() -> None:
    talk = Talk("callback_form", answers_shown=["recovery/gracilis"])
    talk.begin()
    said = talk.say("any time")
    assert "We last spoke about" in texts(said)
    payload = said[-1]["buttons"][0]["payload"]
    [summary] = talk.press(payload.split('"wish": "')[1].removesuffix('"}'))
    assert "gracilis" in summary["custom"]["contact_card"]["wishes"]["about"].lower()


def test_subject_may_look_like_a_command() -> None:
    talk = Talk("callback_form")
    talk.begin()
    talk.say("any time")
    talk.say("I have to cancel my visit on the fifth", "cancel")
    assert talk.slots["about"] == "I have to cancel my visit on the fifth"


def test_form_left_open_overnight_is_resumed() -> None:
    talk = Talk()
    talk.begin()
    talk.press("visit_type=virtual")
    talk.slots["wish_asked_at"] = time.time() - 12 * 3600
    said = texts(talk.say("mornings"))
    assert said.startswith("Welcome back")
    assert "Have you been a patient" in said


def test_form_ends_by_itself_once_the_card_was_sent() -> None:
    talk = Talk()
    talk.fill()
    talk.reception.drafts.clear()
    said = talk.say("how long is gracilis recovery?", "ask_recovery")
    assert [response["custom"]["kind"] for response in said] == ["answer"]
    assert talk.form is None


def test_draft_belongs_to_the_conversation_in_every_episode() -> None:
    talk = Talk("callback_form", sender_id=dialogue_id(CONVERSATION_ID, 3))
    talk.begin()
    talk.say("any time")
    talk.say("scars")
    assert set(talk.reception.drafts) == {CONVERSATION_ID}


@pytest.mark.parametrize("value", [5, ["a"], {"$ne": 1}, True])
def test_slots_of_a_wrong_type_count_as_empty(value: object) -> None:
    talk = Talk(visit_type=value, wish_asked=value, wish_tries="x", wish_asked_at=value)
    assert "in person, or have a virtual" in texts(talk.begin())


def test_button_of_another_question_sets_its_own_wish() -> None:
    talk = Talk()
    talk.begin()
    talk.press("visit_type=virtual")
    talk.press("visit_type=in_person")
    assert talk.slots["visit_type"] == "in_person"
    assert talk.slots["requested_slot"] == "preferred_times"
