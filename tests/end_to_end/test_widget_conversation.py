"""A visitor asks and reads, in a real browser, against a gateway that is made up."""

import json
import re
from typing import Any

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import expect

from tests.widget.fake_gateway import FakeGateway
from tests.widget.panel_driver import Visit, Visitor

pytest_plugins = ["tests.widget.fixtures"]
pytestmark = pytest.mark.slow


def test_nothing_is_asked_of_the_gateway_before_opening(visit: Visit, gateway: FakeGateway) -> None:
    visitor = visit()

    expect(visitor.launcher).to_have_text("Ask a question")
    assert gateway.created == []


def test_greeting_names_topics_and_the_emergency_number(visitor: Visitor, gateway: FakeGateway) -> None:
    expect(visitor.replies).to_contain_text("recovery and risks")
    expect(visitor.panel.get_by_role("link", name="911").first).to_have_attribute("href", "tel:911")
    assert gateway.created == [{"clinic": "main", "language": "en"}]


def test_answer_shows_sources_review_and_assumption(visitor: Visitor) -> None:
    visitor.ask("What is recovery like after an eyelid lift?", replies=2)

    card = visitor.replies.last
    expect(card.get_by_role("heading", name="What is recovery like after an eyelid lift?")).to_be_visible()
    expect(card).to_contain_text("From Mayo Clinic: Blepharoplasty (opens in a new tab), read on November 20, 2026.")
    expect(card).to_contain_text("Not yet reviewed by this clinic.")
    expect(card).to_contain_text("Assumed: about an eyelid lift.")
    expect(card.get_by_role("link")).to_have_attribute("rel", "noopener noreferrer")


def test_reviewed_answer_folds_many_sources(visitor: Visitor) -> None:
    visitor.ask("Will I be asleep?", replies=2)

    card = visitor.replies.last
    expect(card).to_contain_text("Reviewed by this clinic on October 5, 2026.")
    expect(card.get_by_role("link")).to_have_count(0)
    card.get_by_text("3 sources").click()
    expect(card.get_by_role("link")).to_have_count(3)


def test_two_part_question_gives_two_cards(visitor: Visitor) -> None:
    visitor.ask("both, please", replies=3)

    expect(visitor.page.get_by_role("heading", level=3)).to_have_count(2)


def test_choice_disables_the_others_and_stays_readable(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.ask("which one?", replies=2)
    visitor.button("Brow lift").click()

    expect(visitor.replies).to_have_count(3)
    expect(visitor.button("Eyelid weight")).to_be_disabled()
    expect(visitor.button("None of these")).to_be_disabled()
    expect(visitor.button("Brow lift")).to_have_attribute("aria-pressed", "true")
    assert visitor.focused() == "Brow lift"
    assert gateway.posts[-1]["payload"] == "pick-brow-lift"
    assert "text" not in gateway.posts[-1]


def test_none_of_these_is_sent_as_text(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.ask("which one?", replies=2)
    visitor.button("None of these").click()

    expect(visitor.replies).to_have_count(3)
    assert gateway.posts[-1]["text"] == "None of these"


def test_quick_reply_of_the_greeting_is_answered(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.button("Recovery").click()

    expect(visitor.replies).to_have_count(2)
    assert gateway.posts[0]["payload"] == "topic-recovery"


def test_emergency_stands_out_and_can_be_called(visitor: Visitor) -> None:
    visitor.ask("my face began to droop", replies=2)

    expect(visitor.replies.last).to_contain_text("This may be an emergency")
    expect(visitor.page.get_by_role("link", name="Call 911")).to_have_attribute("href", "tel:911")


def test_unavailable_shows_the_clinics_phone(visitor: Visitor) -> None:
    visitor.ask("broken", replies=2)

    expect(visitor.page.get_by_role("link", name="Call +1 312-555-0142")).to_have_attribute("href", "tel:+13125550142")


def test_html_in_bot_text_stays_text(visitor: Visitor) -> None:
    visitor.ask("<b>html</b><img src=x onerror='window.hacked=1'>", replies=2)

    text = visitor.page.locator("frontdesk-chat .from-bot .text").last
    expect(text).to_contain_text("<script>window.hacked=1</script> <b>not bold</b>")
    expect(text).to_contain_text("[bad](javascript:window.hacked=1) [data](data:text/html,x) [relative](/admin)")
    assert [link.get_attribute("href") for link in text.get_by_role("link").all()] == [
        "https://clinic.example.org/a?b=1&c=2",
        "https://clinic.example.org/page",
    ]
    expect(text.locator("strong")).to_have_text("bold")
    expect(visitor.button("<i>title</i>")).to_be_visible()
    expect(visitor.page.locator("frontdesk-chat :is(img, script, b, i:not(.dots i))")).to_have_count(0)
    assert visitor.page.evaluate("window.hacked") is None


def test_long_text_is_counted_and_not_sent(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.box.fill("a" * 850)
    expect(visitor.panel).to_contain_text("150 characters left")
    visitor.ask("a" * 1_010)

    expect(visitor.panel).to_contain_text("10 characters too many")
    expect(visitor.box).to_have_value("a" * 1_010)
    assert gateway.posts == []


def test_text_that_the_gateway_refuses_comes_back(visitor: Visitor, gateway: FakeGateway) -> None:
    gateway.fail_posts = [413]
    visitor.ask("too long for you")

    expect(visitor.entries.last).to_contain_text("Not sent: too long")
    expect(visitor.box).to_have_value("too long for you")


def test_feedback_and_comment_reach_the_gateway(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.ask("eyelid lift", replies=2)
    visitor.button("No").click()
    visitor.page.get_by_label("What was missing or wrong?").fill("when may I drive?")
    visitor.button("Send comment").click()

    expect(visitor.button("Send comment")).to_be_hidden()
    expect(visitor.button("No")).to_have_attribute("aria-pressed", "true")
    assert [(one["helpful"], one.get("comment")) for one in gateway.feedback] == [(False, None), (False, "when may I drive?")]
    expect(visitor.replies.last.get_by_text("Thank you.")).to_be_focused()


def test_conversation_can_be_copied(visitor: Visitor) -> None:
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.ask("eyelid lift", replies=2)
    visitor.menu("Copy the conversation")

    expect(visitor.panel).to_contain_text("The conversation was copied.")
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert "You · " in copied
    assert "a week or more after" in copied
    assert "From Mayo Clinic: Blepharoplasty (https://www.mayoclinic.org" in copied


def test_print_shows_only_the_conversation(visitor: Visitor) -> None:
    visitor.ask("eyelid lift", replies=2)
    visitor.page.evaluate("window.print = () => { window.printed = true; }")
    visitor.menu("Print the conversation")
    visitor.page.emulate_media(media="print")

    paper = visitor.page.locator(".frontdesk-print")
    expect(paper).to_contain_text("Not yet reviewed by this clinic.")
    expect(visitor.page.get_by_role("main")).to_be_hidden()
    expect(visitor.panel).to_be_hidden()
    visitor.page.emulate_media(media="screen")
    expect(paper).to_be_hidden()
    visitor.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(paper).to_have_count(0)
    assert visitor.page.evaluate("window.printed") is True


def test_erase_asks_first_and_forgets_everything(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.ask("eyelid lift", replies=2)
    visitor.menu("End and erase")
    visitor.button("Keep it").click()
    assert gateway.erased == []

    visitor.menu("End and erase")
    visitor.button("Erase it").click()
    expect(visitor.panel).to_contain_text("The conversation has ended and was erased.")
    expect(visitor.entries).to_have_count(0)
    assert len(gateway.erased) == 1
    assert visitor.page.evaluate("Object.values(localStorage).join()") == ""
    expect(visitor.button("Start a new conversation")).to_be_focused()

    visitor.button("Start a new conversation").click()
    expect(visitor.replies).to_have_count(1)
    visitor.ask("thank you", replies=2)


def test_erase_that_fails_says_so(visitor: Visitor, gateway: FakeGateway) -> None:
    gateway.down = True
    visitor.menu("End and erase")
    visitor.button("Erase it").click()

    expect(visitor.page.get_by_role("alert")).to_have_text("That did not work. Please try again.")
    gateway.down = False
    visitor.button("Erase it").click()
    expect(visitor.button("Start a new conversation")).to_be_visible()


def test_page_steers_and_listens_without_texts(visit: Visit) -> None:
    visitor = visit()
    visitor.page.evaluate(
        """() => { window.heard = [];
      for (const name of ['open', 'message', 'close', 'erase', 'connection'])
        document.addEventListener(`frontdesk:${name}`, (event) => window.heard.push([name, event.detail])); }"""
    )
    visitor.page.evaluate("document.querySelector('frontdesk-chat').ask('Will I be asleep?')")
    expect(visitor.replies).to_have_count(2)
    visitor.page.evaluate("document.querySelector('frontdesk-chat').close()")
    expect(visitor.panel).to_be_hidden()

    heard: list[tuple[str, dict[str, Any]]] = visitor.page.evaluate("window.heard")
    names = [name for name, _ in heard]
    assert names[0] == "open"
    assert names[-1] == "close"
    assert [detail["kind"] for name, detail in heard if name == "message"] == ["text", "answer"]
    assert "asleep" not in json.dumps(heard)


def test_settings_of_the_page_are_followed(visit: Visit) -> None:
    visitor = visit(title="Ask Dr. Example", label="Help", position="start", color="gold", open="", lang="es-MX")

    panel = visitor.page.get_by_role("dialog", name="Ask Dr. Example")
    expect(panel).to_be_visible()
    expect(visitor.page.get_by_label("Su pregunta")).to_be_visible()
    expect(visitor.launcher).to_have_text("Help")
    box = panel.bounding_box()
    assert box is not None
    assert box["x"] == 20
    assert visitor.focused() != "question"


def test_page_with_a_strict_policy_has_the_whole_widget(visit: Visit) -> None:
    visitor = visit(csp="strict")
    blocked: list[str] = []
    visitor.page.on("console", lambda message: blocked.append(message.text) if "Content Security Policy" in message.text else None)
    visitor.open()
    visitor.ask("Will I be asleep?", replies=2)
    visitor.menu("Print the conversation")
    visitor.menu("End and erase")
    visitor.button("Erase it").click()

    expect(visitor.button("Start a new conversation")).to_be_visible()
    expect(visitor.panel).to_have_css("border-radius", "18px")
    assert blocked == []


def test_page_asks_nobody_but_the_gateway(visit: Visit, gateway_url: str, site_url: str) -> None:
    visitor = visit()
    asked: set[str] = set()
    visitor.page.on("request", lambda request: asked.add(re.sub(r"(?<=\d)/.*", "", request.url)))
    visitor.page.reload()
    visitor.open()
    visitor.ask("eyelid lift", replies=2)

    assert asked <= {gateway_url, site_url}
