"""A visitor asks for a person: contact card, live chat and what leads there, in a real browser."""

from typing import Any
from uuid import UUID

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import BrowserContext, Route, expect

from tests.widget.fake_gateway import FakeGateway
from tests.widget.panel_driver import Visit, Visitor
from tests.widget.scripted_replies import PROMISES

pytest_plugins = ["tests.widget.fixtures"]
pytestmark = pytest.mark.slow

HINT = "This looks like a phone number, an e-mail address or an ID number. The contact form is the safer place for it."
ANN = {"name": "Ann Example", "phone": "+1 312-555-0123"}


def say_as_staff(gateway: FakeGateway, text: str) -> None:
    [conversation] = gateway.conversations.values()
    gateway.add(conversation, gateway.message("staff", {"text": text}))


# --- the card ------------------------------------------------------------------------------------------------------


def test_person_can_be_asked_for_without_the_assistant(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.talk_to_a_person()

    expect(visitor.contact).to_contain_text("Our staff are not in now. They are back on Monday, November 23, at 9:00 AM.")
    expect(visitor.contact).to_contain_text(PROMISES["callback"])
    expect(visitor.contact.get_by_role("radio")).to_have_count(2)
    assert visitor.focused() == "How can we reach you?"
    assert gateway.posts == []


def test_details_are_sent_and_the_reference_is_shown(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.talk_to_a_person()
    visitor.fill_contact(**ANN, email="ann@example.org")
    visitor.send_contact()

    assert visitor.reference() == "FD-7K3M-9Q20"
    expect(visitor.replies.last).to_contain_text(PROMISES["callback"])
    expect(visitor.entries.last).to_be_focused()
    expect(visitor.contact).to_be_hidden()
    [sent] = gateway.handoffs
    assert UUID(sent.pop("client_request_id")).version == 4
    nothing = {"visit_type": "", "preferred_times": "", "patient": "", "insurer": "", "about": ""}
    assert sent == {**ANN, "email": "ann@example.org", "keep_email": False, "channel": "callback", "wishes": nothing, "consent": True}
    assert "Ann" not in str(visitor.page.evaluate("[JSON.stringify(localStorage), JSON.stringify(sessionStorage)]"))


def test_fields_have_the_right_types_and_labels(visitor: Visitor) -> None:
    visitor.talk_to_a_person()
    expected = {
        "Name": {"autocomplete": "name", "aria-required": "true"},
        "Phone": {"type": "tel", "inputmode": "tel", "autocomplete": "tel"},
        "E-mail": {"type": "email", "inputmode": "email", "autocomplete": "email"},
    }

    for label, attributes in expected.items():
        for name, value in attributes.items():
            expect(visitor.contact.get_by_label(label, exact=True)).to_have_attribute(name, value)
    expect(visitor.contact.get_by_role("checkbox")).to_have_accessible_name(
        "I agree that Example Clinic stores my details and contacts me about this request."
    )


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({}, "Name", "Please write your name."),
        ({"name": "Ann"}, "Phone", "Please write a phone number or an e-mail address."),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    values: dict[str, str], field: str, words: str, visitor: Visitor, gateway: FakeGateway
) -> None:
    visitor.talk_to_a_person()
    visitor.fill_contact(**values)
    visitor.send_contact()

    control = visitor.contact.get_by_label(field, exact=True)
    expect(control).to_be_focused()
    expect(control).to_have_attribute("aria-invalid", "true")
    expect(control).to_have_accessible_description(words)
    control.fill("x")
    expect(control).to_have_attribute("aria-invalid", "false")
    assert gateway.handoffs == []


def test_consent_is_asked_for(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.talk_to_a_person()
    visitor.fill_contact(**ANN)
    visitor.contact.get_by_role("checkbox").uncheck()
    visitor.send_contact()

    expect(visitor.contact).to_contain_text("Please tick this")
    assert gateway.handoffs == []


def test_refused_field_offers_what_was_probably_meant(visitor: Visitor, gateway: FakeGateway) -> None:
    refusal = {"code": "contact_invalid", "message": "Did you mean ann@gmail.com?", "field": "email", "suggestion": "ann@gmail.com"}
    gateway.refuse_handoffs = [(422, refusal)]
    visitor.record_speech()
    visitor.talk_to_a_person()
    visitor.fill_contact(name="Ann", email="ann@gmial.com")
    visitor.send_contact()

    email = visitor.contact.get_by_label("E-mail", exact=True)
    expect(email).to_be_focused()
    expect(email).to_have_accessible_description("Did you mean ann@gmail.com? Use ann@gmail.com")
    assert "Did you mean ann@gmail.com?" in visitor.spoken()
    visitor.button("Use ann@gmail.com").click()
    expect(email).to_have_value("ann@gmail.com")
    expect(email).to_have_attribute("aria-invalid", "false")
    visitor.send_contact()
    visitor.reference()
    first, second = gateway.handoffs
    assert (first["email"], second["email"]) == ("ann@gmial.com", "ann@gmail.com")
    assert first["client_request_id"] != second["client_request_id"]


def test_address_that_is_sent_again_is_meant(visitor: Visitor, gateway: FakeGateway) -> None:
    refusal = {"code": "contact_invalid", "message": "Did you mean ann@gmail.com?", "field": "email", "suggestion": "ann@gmail.com"}
    gateway.refuse_handoffs = [(422, refusal)]
    visitor.talk_to_a_person()
    visitor.fill_contact(name="Ann", email="ann@gmial.com")
    visitor.send_contact()
    expect(visitor.button("Use ann@gmail.com")).to_be_visible()
    visitor.send_contact()

    visitor.reference()
    assert [(sent["email"], sent["keep_email"]) for sent in gateway.handoffs] == [("ann@gmial.com", False), ("ann@gmial.com", True)]


def test_refused_wish_is_shown_where_it_can_be_changed(visitor: Visitor, gateway: FakeGateway) -> None:
    refusal = {"code": "wish_invalid", "message": "That day has passed.", "field": "preferred_times"}
    gateway.refuse_handoffs = [(422, refusal)]
    visitor.ask("an appointment", replies=2)
    visitor.fill_contact(**ANN)
    visitor.send_contact()

    times = visitor.contact.get_by_label("Times that suit you")
    expect(times).to_be_focused()
    expect(times).to_have_accessible_description("That day has passed.")


@pytest.mark.parametrize(("status", "words"), [(500, "What you wrote is still here"), (429, "Please call us."), (413, "Please call us.")])
def test_refusal_keeps_what_was_written(status: int, words: str, visitor: Visitor, gateway: FakeGateway) -> None:
    gateway.refuse_handoffs = [(status, {"code": "refused", "message": "Please call us."})]
    visitor.talk_to_a_person()
    visitor.fill_contact(**ANN)
    visitor.send_contact()

    expect(visitor.contact.get_by_role("alert")).to_contain_text(words)
    expect(visitor.contact.get_by_role("alert").get_by_role("link")).to_have_attribute("href", "tel:+13125550142")
    visitor.send_contact()
    visitor.reference()
    assert gateway.handoffs[0] == gateway.handoffs[1]


def test_lost_confirmation_is_asked_for_again_and_doubles_nothing(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.page.route("**/handoffs", lose_reply, times=1)
    visitor.talk_to_a_person()
    visitor.fill_contact(**ANN)
    visitor.send_contact()
    expect(visitor.contact.get_by_role("alert")).to_contain_text("nothing is doubled")
    visitor.page.reload()
    expect(visitor.contact.get_by_label("Name", exact=True)).to_have_value(ANN["name"])
    visitor.send_contact()

    visitor.reference()
    assert gateway.handoffs[0] == gateway.handoffs[1]
    [conversation] = gateway.conversations.values()
    assert len(conversation.filed) == 1


def lose_reply(route: Route) -> None:
    route.fetch()
    route.abort()


def test_pressing_twice_sends_once(visitor: Visitor, gateway: FakeGateway) -> None:
    gateway.delay_seconds = 0.5
    visitor.talk_to_a_person()
    visitor.fill_contact(**ANN)
    visitor.contact.get_by_role("button", name="Send to the clinic").dblclick()
    expect(visitor.button("Sending…")).to_be_visible()

    visitor.reference()
    assert len(gateway.handoffs) == 1


def test_conflicting_request_gets_a_new_id(visitor: Visitor, gateway: FakeGateway) -> None:
    gateway.refuse_handoffs = [(409, {"code": "handoff_conflict", "message": "Please send it again."})]
    visitor.talk_to_a_person()
    visitor.fill_contact(**ANN)
    visitor.send_contact()
    expect(visitor.contact.get_by_role("alert")).to_contain_text("Please send it again.")
    visitor.send_contact()

    visitor.reference()
    assert gateway.handoffs[0]["client_request_id"] != gateway.handoffs[1]["client_request_id"]


def test_cancel_sends_nothing_and_forgets(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.talk_to_a_person()
    visitor.fill_contact(**ANN)
    visitor.contact.get_by_role("button", name="Cancel").click()

    expect(visitor.contact).to_be_hidden()
    expect(visitor.panel).to_contain_text("Cancelled. Nothing was sent.")
    assert visitor.focused() == "Talk to a person"
    visitor.talk_to_a_person()
    expect(visitor.contact.get_by_label("Name", exact=True)).to_have_value("")
    assert (gateway.handoffs, gateway.dropped) == ([], 1)


# --- opened by a message -------------------------------------------------------------------------------------------


def test_card_opens_for_a_message_with_the_wishes_to_check(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.record_speech()
    visitor.ask("an appointment", replies=2)

    expect(visitor.contact.get_by_role("radio", name="An appointment")).to_be_checked()
    assert visitor.contact.get_by_role("definition").all_inner_texts() == [
        "In person",
        "Tuesday, November 24, after 3:00 PM",
        "No, I am new",
        "gracilis muscle transfer",
    ]
    assert visitor.focused() == "question"
    assert "A form for your contact details is at the end of the conversation." in visitor.spoken()
    visitor.button("Change").click()
    assert visitor.page.evaluate("document.querySelector('frontdesk-chat').shadowRoot.activeElement.name") == "visit_type"
    visitor.contact.get_by_label("Visit").select_option("By video")
    visitor.contact.get_by_label("Times that suit you").fill("")
    visitor.fill_contact(**ANN, insurer="Example Health")
    visitor.send_contact()

    visitor.reference()
    assert gateway.handoffs[0]["wishes"] == {
        "visit_type": "virtual",
        "preferred_times": "",
        "patient": "new",
        "insurer": "Example Health",
        "about": "gracilis muscle transfer",
    }


def test_question_in_the_middle_leaves_the_card_as_it_is(visitor: Visitor) -> None:
    visitor.ask("an appointment", replies=2)
    visitor.fill_contact(**ANN)
    visitor.ask("Will I be asleep?", replies=3)

    expect(visitor.contact.get_by_label("Name", exact=True)).to_have_value(ANN["name"])
    assert visitor.page.evaluate(
        """() => { const root = document.querySelector('frontdesk-chat').shadowRoot;
        return Boolean(root.querySelector('.entries').compareDocumentPosition(root.querySelector('.contact')) & 4); }"""
    )


@pytest.mark.parametrize("text", ["broken", "droop"])
def test_card_stands_behind_a_button_where_the_text_comes_first(text: str, visitor: Visitor) -> None:
    visitor.ask(text, replies=2)
    expect(visitor.contact).to_be_hidden()
    visitor.button("Leave your contact details").click()

    expect(visitor.contact).to_be_visible()
    assert visitor.focused() == "How can we reach you?"


def test_only_the_newest_message_has_the_button_and_none_after_sending(visitor: Visitor) -> None:
    visitor.ask("broken", replies=2)
    visitor.ask("broken", replies=3)
    expect(visitor.button("Leave your contact details")).to_have_count(1)
    visitor.button("Leave your contact details").click()
    visitor.fill_contact(**ANN)
    visitor.send_contact()

    visitor.reference()
    expect(visitor.button("Leave your contact details")).to_have_count(0)
    visitor.page.reload()
    expect(visitor.replies).to_have_count(4)
    expect(visitor.button("Leave your contact details")).to_have_count(0)
    expect(visitor.contact).to_be_hidden()


def test_card_survives_a_reload_with_what_was_written(visitor: Visitor) -> None:
    visitor.ask("an appointment", replies=2)
    visitor.choose_channel("callback")
    visitor.fill_contact(**ANN)
    visitor.page.reload()

    expect(visitor.contact.get_by_label("Phone", exact=True)).to_have_value(ANN["phone"])
    expect(visitor.contact.get_by_role("radio", name="A call back")).to_be_checked()
    expect(visitor.contact.get_by_role("checkbox")).to_be_checked()


def test_card_of_another_tab_closes_when_one_has_sent(visitor: Visitor, visit: Visit) -> None:
    visitor.ask("an appointment", replies=2)
    other = visit("/other")
    other.open()
    expect(other.contact).to_be_visible()
    visitor.fill_contact(**ANN)
    visitor.send_contact()

    visitor.reference()
    expect(other.contact).to_be_hidden()
    assert other.reference() == visitor.reference()


def test_erasing_forgets_the_card(visitor: Visitor) -> None:
    visitor.talk_to_a_person()
    visitor.fill_contact(**ANN)
    visitor.menu("End and erase")
    visitor.button("Erase it").click()

    expect(visitor.button("Start a new conversation")).to_be_visible()
    assert "Ann" not in str(visitor.page.evaluate("JSON.stringify(sessionStorage)"))
    visitor.button("Start a new conversation").click()
    expect(visitor.replies).to_have_count(1)
    expect(visitor.contact).to_be_hidden()


def test_second_wish_for_a_person_shows_the_first_one(visitor: Visitor) -> None:
    visitor.talk_to_a_person()
    visitor.fill_contact(**ANN)
    visitor.send_contact()
    reference = visitor.reference()
    visitor.button("Talk to a person").click()

    expect(visitor.panel).to_contain_text(f"Your request {reference} is with our staff. {PROMISES['callback']}")
    visitor.button("Leave your contact details").click()
    expect(visitor.contact).to_be_visible()


def test_gateway_without_handoffs_has_the_assistant_asked(visitor: Visitor, gateway: FakeGateway) -> None:
    gateway.has_handoffs = False
    visitor.button("Talk to a person").click()

    expect(visitor.replies).to_have_count(2)
    assert gateway.posts[0]["text"] == "I would like to talk to a person"


def test_wish_for_a_person_is_kept_while_there_is_no_connection(visitor: Visitor, context: BrowserContext, gateway: FakeGateway) -> None:
    context.set_offline(True)
    visitor.button("Talk to a person").click()
    expect(visitor.entries.last).to_contain_text("Waiting to be sent")
    expect(visitor.page.get_by_role("link", name="+1 312-555-0142")).to_be_visible()
    context.set_offline(False)

    expect(visitor.replies).to_have_count(2)
    assert [post["text"] for post in gateway.posts] == ["I would like to talk to a person"]


def test_conversation_that_has_ended_takes_the_details_into_a_new_one(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.talk_to_a_person()
    visitor.fill_contact(**ANN)
    gateway.forget()
    visitor.send_contact()

    visitor.reference()
    [conversation] = gateway.conversations.values()
    assert len(conversation.filed) == 1


# --- chatting with staff -------------------------------------------------------------------------------------------


def chat_live(visitor: Visitor, gateway: FakeGateway) -> None:
    gateway.on_duty = True
    visitor.talk_to_a_person()
    visitor.fill_contact(**ANN)
    visitor.send_contact()
    visitor.reference()


def test_live_chat_is_offered_first_when_staff_are_on_duty(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.record_speech()
    gateway.on_duty = True
    visitor.talk_to_a_person()

    expect(visitor.contact.get_by_role("radio", name="Chat with our staff now")).to_be_checked()
    expect(visitor.contact).to_contain_text(PROMISES["live"])
    visitor.choose_channel("callback")
    expect(visitor.contact).to_contain_text(PROMISES["callback"])
    assert PROMISES["callback"] in visitor.spoken()


def test_waiting_is_said_until_staff_write(visitor: Visitor, gateway: FakeGateway) -> None:
    chat_live(visitor, gateway)
    expect(visitor.panel).to_contain_text("Waiting for our staff. You may close the chat")
    visitor.record_speech()
    say_as_staff(gateway, "Hello, this is Ana.")

    expect(visitor.staff_lines).to_contain_text("Clinic staff")
    expect(visitor.panel).not_to_contain_text("Waiting for our staff.")
    assert "Clinic staff: Hello, this is Ana." in visitor.spoken()


def test_waiting_ends_with_the_line_that_nobody_came(visitor: Visitor, gateway: FakeGateway) -> None:
    chat_live(visitor, gateway)
    expect(visitor.panel).to_contain_text("Waiting for our staff.")
    [conversation] = gateway.conversations.values()
    gateway.add(conversation, gateway.message("system", {"text": "Nobody could come. We call you instead."}))

    expect(visitor.system_lines.last).to_have_text("Nobody could come. We call you instead.")
    expect(visitor.panel).not_to_contain_text("Waiting for our staff.")


def test_system_lines_are_shown_and_said(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.record_speech()
    [conversation] = gateway.conversations.values()
    gateway.add(conversation, gateway.message("system", {"text": "Ana has joined. The assistant is silent now."}))

    expect(visitor.system_lines).to_have_text("Ana has joined. The assistant is silent now.")
    assert "Ask the clinic: Ana has joined. The assistant is silent now." in visitor.spoken()


def test_staff_typing_is_shown_until_they_write(visitor: Visitor, gateway: FakeGateway) -> None:
    chat_live(visitor, gateway)
    [conversation] = gateway.conversations.values()
    gateway.say_typing(conversation)
    expect(visitor.panel).to_contain_text("Clinic staff is typing…")
    say_as_staff(gateway, "Hello.")

    expect(visitor.staff_lines).to_have_count(1)
    expect(visitor.panel).not_to_contain_text("is typing")


def test_staff_typing_ends_by_itself(visitor: Visitor, gateway: FakeGateway) -> None:
    chat_live(visitor, gateway)
    [conversation] = gateway.conversations.values()
    gateway.say_typing(conversation)
    expect(visitor.panel).to_contain_text("Clinic staff is typing…")

    expect(visitor.panel).not_to_contain_text("is typing", timeout=9_000)
    expect(visitor.panel).to_contain_text("Waiting for our staff.")


def test_visitor_typing_is_told_to_staff_only_and_not_too_often(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.box.press_sequentially("hello")
    assert gateway.typed == 0
    visitor.box.fill("")
    chat_live(visitor, gateway)
    visitor.box.press_sequentially("hello there")
    visitor.page.wait_for_timeout(300)

    assert gateway.typed == 1


# --- what need not be written --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["call me at 312-555-0123", "my mail is ann@example.org", "ssn 123-45-6789", "card 4111 1111 1111 1111", "member id XYZ123456"],
)
def test_personal_number_is_noticed_before_sending(text: str, visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.record_speech()
    visitor.box.fill(text)

    expect(visitor.box).to_have_accessible_description("Enter sends. Shift+Enter: new line. " + HINT)
    assert [said for said in visitor.spoken() if said.startswith("This looks like")] == [HINT]
    visitor.ask(text, replies=2)
    expect(visitor.button("Open the contact form")).to_be_hidden()
    assert gateway.posts[0]["text"] == text


def test_hint_leads_to_the_contact_card(visitor: Visitor) -> None:
    visitor.box.fill("call me at 312-555-0123")
    visitor.button("Open the contact form").click()

    expect(visitor.contact).to_be_visible()
    expect(visitor.box).to_have_value("call me at 312-555-0123")


@pytest.mark.parametrize(
    "text", ["surgery on 2026-11-20, or 11/20/2026?", "2-3 weeks, 10 to 20 %", "is it 911 or 988?", "a 5 mm weight of 1.2 g"]
)
def test_dates_and_small_numbers_are_left_alone(text: str, visitor: Visitor) -> None:
    visitor.box.fill(text)

    expect(visitor.button("Open the contact form")).to_be_hidden()
    expect(visitor.box).to_have_accessible_description("Enter sends. Shift+Enter: new line.")


# --- emergency and first words -------------------------------------------------------------------------------------


def test_emergency_is_said_at_once_and_its_numbers_can_be_called(visitor: Visitor) -> None:
    said = visitor.page.evaluate_handle(
        """() => { const region = document.querySelector('frontdesk-chat').shadowRoot.querySelector('.panel > [aria-live=assertive]');
        const said = []; new MutationObserver(([change]) => said.push(...[...change.addedNodes].map((node) => node.textContent)))
          .observe(region, { childList: true }); return said; }"""
    )
    visitor.ask("my face began to droop", replies=2)

    links: list[Any] = [link.get_attribute("href") for link in visitor.replies.last.get_by_role("link").all()]
    assert links == ["tel:911", "tel:911", "tel:988", "tel:+13125550142"]
    [words] = said.json_value()
    assert words.startswith("Assistant: This may be an emergency.")


def test_questions_of_the_page_are_offered_below_the_greeting(visit: Visit, gateway: FakeGateway) -> None:
    gateway.greeting = {"kind": "text", "text": "Hello. Call 911 in an emergency."}
    visitor = visit(questions="Will I be asleep? | What is recovery like? |")
    visitor.open()
    expect(visitor.replies.first.get_by_role("button")).to_have_count(2)
    visitor.button("Will I be asleep?").click()

    expect(visitor.replies).to_have_count(2)
    expect(visitor.button("Will I be asleep?")).to_have_attribute("aria-pressed", "true")
    expect(visitor.button("What is recovery like?")).to_be_disabled()
    assert gateway.posts[0]["text"] == "Will I be asleep?"


def test_buttons_of_the_greeting_come_before_the_pages_questions(visit: Visit) -> None:
    visitor = visit(questions="Will I be asleep?")
    visitor.open()

    expect(visitor.button("Recovery")).to_be_visible()
    expect(visitor.button("Will I be asleep?")).to_have_count(0)
