import re

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from database.engine import transaction
from desk.models import Handoff
from gateway.models import Conversation
from gateway.parts import Parts
from tests.gateway.desk_person import Person, person
from tests.gateway.filing import actions, filed
from tests.gateway.visitor import Visitor


def state(parts: Parts, handoff_id: str) -> str:
    with transaction(parts.storage.engine) as session:
        return session.get_one(Handoff, handoff_id).state


def owner(parts: Parts, visitor: Visitor) -> str:
    with transaction(parts.storage.engine) as session:
        return session.get_one(Conversation, visitor.id).owner


def test_queue_shows_what_waits_and_no_contact(dana: Person, handoff_id: str) -> None:
    page = dana.see("/desk").text
    assert f"/desk/handoffs/{handoff_id}" in page
    assert "Robin" not in page
    assert "555" not in page.replace("(312) 555-0100", "")


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("state=waiting", True),
        ("state=resolved", False),
        ("channel=callback", True),
        ("channel=live", False),
        ("urgency=urgent", False),
        ("mine=1", False),
    ],
)
def test_queue_is_filtered(dana: Person, handoff_id: str, query: str, is_there: bool) -> None:
    assert (f'data-id="{handoff_id}"' in dana.see(f"/desk?{query}").text) == is_there


@pytest.mark.parametrize("query", ["state=nonsense", "mine=2", "channel=<script>"])
def test_queue_refuses_filters_that_are_none(dana: Person, query: str) -> None:
    response = dana.see(f"/desk?{query}")
    assert response.status_code == 422
    assert "<script>" not in response.text.replace("<script src", "")


def test_reference_as_said_on_the_phone_leads_to_the_handoff(dana: Person, parts: Parts, handoff_id: str) -> None:
    with transaction(parts.storage.engine) as session:
        reference = session.get_one(Handoff, handoff_id).reference
    response = dana.see("/desk/find", params={"reference": reference.lower().replace("-", " ")})
    assert response.headers["Location"] == f"/desk/handoffs/{handoff_id}"
    assert dana.see("/desk/find", params={"reference": "FD-0000-0000"}).status_code == 404


def test_handoff_page_shows_summary_and_transcript(dana: Person, handoff_id: str) -> None:
    page = dana.see(f"/desk/handoffs/{handoff_id}").text
    assert "Robin Vale" in page
    assert "tel:+13125550142" in page
    assert "How long does recovery take?" in page
    assert page.index("Robin Vale") < page.index("How long does recovery take?")


def test_every_opening_of_a_handoff_is_audited(dana: Person, parts: Parts, handoff_id: str) -> None:
    for _ in range(2):
        dana.see(f"/desk/handoffs/{handoff_id}")
    assert actions(parts, handoff_id).count("handoff.read") == 2
    dana.see(f"/desk/handoffs/{handoff_id}/messages?after=0")
    assert actions(parts, handoff_id).count("handoff.read") == 2


def test_part_of_a_page_alone_is_audited_too(dana: Person, parts: Parts, handoff_id: str) -> None:
    dana.see(f"/desk/handoffs/{handoff_id}/messages?after=0")
    assert actions(parts, handoff_id).count("handoff.read") == 1


def test_claim_takes_it_and_tells_the_visitor(dana: Person, parts: Parts, visitor: Visitor, handoff_id: str) -> None:
    assert dana.do(f"/desk/handoffs/{handoff_id}/claim").status_code == 303
    assert state(parts, handoff_id) == "claimed"
    assert "Dana from the clinic takes care of your request" in visitor.history()[-1]["text"]


def test_claim_of_what_somebody_has_says_who(dana: Person, sam: Person, parts: Parts, visitor: Visitor, handoff_id: str) -> None:
    dana.do(f"/desk/handoffs/{handoff_id}/claim")
    lines = len(visitor.history())
    response = sam.do(f"/desk/handoffs/{handoff_id}/claim")
    assert response.status_code == 409
    assert "Dana has taken this handoff." in response.text
    assert len(visitor.history()) == lines


def test_claim_twice_tells_the_visitor_once(dana: Person, visitor: Visitor, handoff_id: str) -> None:
    for _ in range(2):
        assert dana.do(f"/desk/handoffs/{handoff_id}/claim").status_code == 303
    assert len([line for line in visitor.history() if "takes care" in line["text"]]) == 1


def test_claim_of_a_resolved_handoff_is_refused_in_words(dana: Person, sam: Person, handoff_id: str) -> None:
    dana.do(f"/desk/handoffs/{handoff_id}/claim")
    dana.do(f"/desk/handoffs/{handoff_id}/resolve", outcome="called")
    for who in (dana, sam):
        response = who.do(f"/desk/handoffs/{handoff_id}/claim")
        assert response.status_code == 409
        assert "resolved" in response.text


def test_old_page_is_told_that_something_changed(dana: Person, parts: Parts, handoff_id: str) -> None:
    version = re.search(r'name="version" value="(\d+)"', dana.see(f"/desk/handoffs/{handoff_id}").text)
    assert version
    dana.do(f"/desk/handoffs/{handoff_id}/claim")
    response = dana.do(f"/desk/handoffs/{handoff_id}/resolve", outcome="called", version=version.group(1))
    assert response.status_code == 409
    assert state(parts, handoff_id) == "claimed"


def test_refusal_for_htmx_is_a_line(dana: Person, sam: Person, handoff_id: str) -> None:
    dana.do(f"/desk/handoffs/{handoff_id}/claim")
    headers = {"HX-Request": "true", "X-CSRF-Token": sam.csrf_token}
    response = sam.browser.post(f"/desk/handoffs/{handoff_id}/claim", headers=headers)
    assert (response.status_code, response.headers["HX-Retarget"]) == (409, "#notice")
    assert response.text == '<p class="refusal">Dana has taken this handoff.</p>'


@pytest.mark.parametrize("verb", ["release", "called", "take-over", "hand-back", "reply", "typing", "resolve", "snooze"])
def test_nobody_changes_what_somebody_else_has(dana: Person, sam: Person, parts: Parts, handoff_id: str, verb: str) -> None:
    dana.do(f"/desk/handoffs/{handoff_id}/claim")
    response = sam.do(f"/desk/handoffs/{handoff_id}/{verb}", text="Hello", outcome="called", for_="hour")
    assert response.status_code == 409
    assert state(parts, handoff_id) == "claimed"


def test_live_chat_goes_to_the_person_and_back(dana: Person, parts: Parts, visitor: Visitor, handoff_id: str) -> None:
    path = f"/desk/handoffs/{handoff_id}"
    dana.do(f"{path}/claim")
    dana.do(f"{path}/take-over")
    assert owner(parts, visitor) == "staff"
    assert visitor.say("Are you a person?") == []
    assert dana.do(f"{path}/reply", text="Yes, I am.\n\nHow can I help?").status_code == 303
    last = visitor.history()[-1]
    assert (last["sender"], last["text"]) == ("staff", "Yes, I am.\n\nHow can I help?")
    assert "Are you a person?" in dana.see(f"{path}/messages?after=0").text
    dana.do(f"{path}/hand-back")
    assert (owner(parts, visitor), state(parts, handoff_id)) == ("bot", "resolved")
    assert visitor.say("Thanks")[0]["sender"] == "bot"


@pytest.mark.parametrize("text", ["", "   ", "\u200b\x00", "x" * 5000])
def test_reply_without_words_or_with_too_many_is_refused(dana: Person, visitor: Visitor, handoff_id: str, text: str) -> None:
    dana.do(f"/desk/handoffs/{handoff_id}/claim")
    before = len(visitor.history())
    assert dana.do(f"/desk/handoffs/{handoff_id}/reply", text=text).status_code == 422
    assert len(visitor.history()) == before


def test_reply_needs_a_claim(dana: Person, handoff_id: str) -> None:
    response = dana.do(f"/desk/handoffs/{handoff_id}/reply", text="Hello")
    assert response.status_code == 409
    assert "waiting" in response.text


def test_what_the_visitor_writes_is_shown_as_text(dana: Person, parts: Parts, visitor: Visitor) -> None:
    visitor.say("<script>alert(1)</script> <b>bold</b>")
    page = dana.see(f"/desk/handoffs/{filed(parts, visitor)}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(("choice", "at_least_hours"), [("hour", 0.9), ("afternoon", 3.9), ("tomorrow", 1), ("week", 24 * 6)])
def test_snooze_puts_it_aside(dana: Person, parts: Parts, handoff_id: str, choice: str, at_least_hours: float) -> None:
    dana.do(f"/desk/handoffs/{handoff_id}/claim")
    assert dana.do(f"/desk/handoffs/{handoff_id}/snooze", for_=choice).status_code == 303
    with transaction(parts.storage.engine) as session:
        handoff = session.get_one(Handoff, handoff_id)
        assert handoff.state == "snoozed"
        assert handoff.snoozed_until
        assert (handoff.snoozed_until - handoff.created_at).total_seconds() >= at_least_hours * 3600


def test_notes_are_for_staff_only(dana: Person, sam: Person, visitor: Visitor, handoff_id: str) -> None:
    before = len(visitor.history())
    assert sam.do(f"/desk/handoffs/{handoff_id}/note", text="Prefers mornings").status_code == 303
    page = dana.see(f"/desk/handoffs/{handoff_id}").text
    assert "Prefers mornings" in page
    assert "Sam ·" in page
    assert len(visitor.history()) == before


@pytest.mark.parametrize("text", ["", "x" * 3000])
def test_note_without_words_or_with_too_many_is_refused(dana: Person, handoff_id: str, text: str) -> None:
    assert dana.do(f"/desk/handoffs/{handoff_id}/note", text=text).status_code == 422


def test_resolved_handoff_can_be_reopened(dana: Person, sam: Person, parts: Parts, handoff_id: str) -> None:
    path = f"/desk/handoffs/{handoff_id}"
    dana.do(f"{path}/claim")
    assert dana.do(f"{path}/called").status_code == 303
    assert dana.do(f"{path}/resolve", outcome="booked").status_code == 303
    assert "appointment booked" in dana.see(path).text
    assert sam.do(f"{path}/reopen").status_code == 303
    assert state(parts, handoff_id) == "waiting"


def test_older_episodes_are_folded_and_can_be_read(dana: Person, parts: Parts, visitor: Visitor, handoff_id: str) -> None:
    with transaction(parts.storage.engine) as session:
        newest = session.get_one(Conversation, visitor.id).last_seq
        session.execute(update(Conversation).where(Conversation.id == visitor.id).values(episode_after_seq=newest))
    visitor.say("A second matter")
    page = dana.see(f"/desk/handoffs/{handoff_id}").text
    assert "A second matter" in page
    assert "messages from before" in page
    assert "You said: How long does recovery take?" not in page
    assert "How long does recovery take?" in dana.see(f"/desk/handoffs/{handoff_id}/earlier").text


def test_erased_conversation_leaves_a_page_that_works(dana: Person, visitor: Visitor, handoff_id: str) -> None:
    visitor.call("DELETE")
    assert dana.see(f"/desk/handoffs/{handoff_id}").status_code == 200
    dana.do(f"/desk/handoffs/{handoff_id}/claim")
    assert dana.do(f"/desk/handoffs/{handoff_id}/reply", text="Hello").status_code == 404
    assert dana.do(f"/desk/handoffs/{handoff_id}/resolve", outcome="called").status_code == 303


def test_administrator_may_put_back_what_somebody_has(parts: Parts, client: TestClient, dana: Person, handoff_id: str) -> None:
    dana.do(f"/desk/handoffs/{handoff_id}/claim")
    alex = person(parts, client, "alex", "admin")
    assert "Put back into the queue" in alex.see(f"/desk/handoffs/{handoff_id}").text
    assert alex.do(f"/desk/handoffs/{handoff_id}/release").status_code == 303
    assert state(parts, handoff_id) == "waiting"


def test_approved_answers_can_be_searched_for_a_reply(dana: Person, handoff_id: str) -> None:
    found = dana.see(f"/desk/handoffs/{handoff_id}/answers?q=recov").text
    assert "How long does recovery take?" in found
    assert "It takes weeks." in found


def test_duty_is_switched(dana: Person) -> None:
    assert "Off duty" in dana.see("/desk").text
    assert dana.do("/desk/duty", on="true").status_code == 303
    assert "On duty" in dana.see("/desk").text
    dana.do("/desk/duty", on="false")
    assert "Off duty" in dana.see("/desk").text


def test_note_loses_what_nobody_can_read_and_keeps_its_lines(dana: Person, handoff_id: str) -> None:
    assert dana.do(f"/desk/handoffs/{handoff_id}/note", text="Prefers\x00 mornings\nand e-mail").status_code == 303
    assert "Prefers mornings<br>and e-mail" in dana.see(f"/desk/handoffs/{handoff_id}").text
