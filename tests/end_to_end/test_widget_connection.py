"""The conversation survives reloads, other tabs, lost connections and lost replies, and nothing is said twice."""

from uuid import UUID

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import BrowserContext, Route, expect

from tests.widget.fake_gateway import FakeGateway
from tests.widget.panel_driver import Visit, Visitor

pytest_plugins = ["tests.widget.fixtures"]
pytestmark = pytest.mark.slow


def test_reload_keeps_conversation_draft_and_open_panel(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.ask("which one?", replies=2)
    visitor.button("Brow lift").click()
    expect(visitor.replies).to_have_count(3)
    visitor.box.fill("and the")
    before = visitor.texts()
    visitor.page.reload()

    expect(visitor.panel).to_be_visible()
    expect(visitor.entries).to_have_count(len(before))
    assert visitor.texts() == before
    expect(visitor.box).to_have_value("and the")
    expect(visitor.button("Brow lift")).to_have_attribute("aria-pressed", "true")
    assert len(gateway.created) == 1


def test_navigation_keeps_the_conversation(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.ask("thank you", replies=2)
    visitor.page.get_by_role("link", name="Our team").click()

    expect(visitor.panel).to_be_visible()
    expect(visitor.replies).to_have_count(2)
    assert len(gateway.created) == 1


def test_two_tabs_show_the_same_conversation(visitor: Visitor, visit: Visit, gateway: FakeGateway) -> None:
    other = visit("/other")
    other.open()
    visitor.ask("thank you", replies=2)
    expect(other.replies).to_have_count(2)
    other.ask("eyelid lift", replies=3)
    expect(visitor.replies).to_have_count(3)

    assert visitor.texts() == other.texts()
    assert len(gateway.created) == 1
    other.menu("End and erase")
    other.button("Erase it").click()
    expect(visitor.button("Start a new conversation")).to_be_visible()


def test_two_tabs_that_open_at_once_begin_one_conversation(visit: Visit, gateway: FakeGateway) -> None:
    visitors = [visit(), visit()]
    for visitor in visitors:
        visitor.launcher.click()

    for visitor in visitors:
        expect(visitor.replies).to_have_count(1)
    assert len(gateway.created) == 1


def test_message_written_offline_is_sent_when_back(visitor: Visitor, context: BrowserContext, gateway: FakeGateway) -> None:
    context.set_offline(True)
    visitor.ask("thank you")
    expect(visitor.panel).to_contain_text("Connection lost.")
    expect(visitor.entries.last).to_contain_text("Waiting to be sent")

    context.set_offline(False)
    expect(visitor.panel).to_contain_text("Connected again.")
    expect(visitor.replies).to_have_count(2)
    assert len({post["client_message_id"] for post in gateway.posts}) == 1


def test_unsent_message_survives_a_reload(visitor: Visitor, gateway: FakeGateway) -> None:
    gateway.fail_posts = [500]
    visitor.ask("thank you")
    expect(visitor.button("Try again")).to_be_visible()
    visitor.page.reload()

    expect(visitor.replies).to_have_count(2)
    assert visitor.texts()[1].endswith("thank you")
    assert len(gateway.posts) == 2
    assert gateway.posts[0] == gateway.posts[1]


def test_message_whose_reply_was_lost_is_not_doubled(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.page.route("**/messages", lambda route: lose_reply(route), times=1)
    visitor.ask("thank you", replies=2)

    expect(visitor.page.locator("frontdesk-chat .from-visitor")).to_have_count(1)
    expect(visitor.page.locator("frontdesk-chat .state")).to_have_count(0)
    assert len(gateway.posts) == 2
    assert gateway.posts[0] == gateway.posts[1]
    [conversation] = gateway.conversations.values()
    assert len(conversation.messages) == 3


def lose_reply(route: Route) -> None:
    route.fetch()
    route.abort()


def test_failed_message_is_tried_again_on_demand(visitor: Visitor, gateway: FakeGateway) -> None:
    gateway.fail_posts = [500]
    visitor.ask("thank you")
    expect(visitor.entries.last).to_contain_text("Not sent.")
    visitor.button("Try again").click()

    expect(visitor.replies).to_have_count(2)
    expect(visitor.button("Try again")).to_have_count(0)
    assert gateway.posts[0] == gateway.posts[1]


def test_too_many_messages_are_told_apart(visitor: Visitor, gateway: FakeGateway) -> None:
    gateway.fail_posts = [429]
    visitor.ask("thank you")

    expect(visitor.entries.last).to_contain_text("Not sent: too many messages at once.")
    expect(visitor.button("Try again")).to_be_visible()


def test_second_question_waits_for_the_first(visitor: Visitor, gateway: FakeGateway) -> None:
    gateway.delay_seconds = 0.5
    visitor.ask("eyelid lift")
    visitor.ask("thank you")
    expect(visitor.replies).to_have_count(3)

    kinds = [entry.get_attribute("class") for entry in visitor.entries.all()]
    assert [kind.split("-")[-1] for kind in kinds if kind] == ["bot", "visitor", "bot", "visitor", "bot"]
    assert [post["text"] for post in gateway.posts] == ["eyelid lift", "thank you"]


def test_conversation_goes_on_where_streams_are_held_back(visitor: Visitor, visit: Visit, gateway: FakeGateway) -> None:
    gateway.streams = False
    visitor.page.reload()
    expect(visitor.replies).to_have_count(1)
    [conversation] = gateway.conversations.values()
    visitor.page.wait_for_timeout(500)
    gateway.add(conversation, gateway.message("staff", {"text": "This is Ana of the clinic."}))

    expect(visitor.entries.last).to_contain_text("This is Ana of the clinic.")


def test_stream_goes_on_after_the_last_message(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.ask("thank you", replies=2)
    [conversation] = gateway.conversations.values()
    conversation.token, token = "changed", conversation.token
    visitor.page.evaluate("dispatchEvent(new Event('offline'))")
    conversation.token = token
    gateway.add(conversation, gateway.message("staff", {"text": "Ana here."}))

    expect(visitor.entries.last).to_contain_text("Ana here.")
    expect(visitor.entries).to_have_count(4)
    header = gateway.event_headers[-1]
    assert header["authorization"].startswith("Bearer ")
    assert header["last-event-id"] in {message["id"] for message in conversation.messages}


def test_gateway_that_starts_late_is_found(visit: Visit, gateway: FakeGateway) -> None:
    gateway.down = True
    visitor = visit()
    visitor.launcher.click()
    expect(visitor.panel).to_contain_text("Connection lost.")
    expect(visitor.page.get_by_role("link", name="+1 312-555-0142")).to_be_visible()
    gateway.down = False

    expect(visitor.replies).to_have_count(1)
    expect(visitor.panel).to_contain_text("Connected again.")


def test_forgotten_conversation_is_followed_by_a_new_one(visitor: Visitor, gateway: FakeGateway) -> None:
    gateway.forget()
    visitor.ask("thank you")

    expect(visitor.page.locator("frontdesk-chat .from-system")).to_contain_text("no longer available")
    expect(visitor.replies).to_have_count(3)
    expect(visitor.page.locator("frontdesk-chat .from-visitor")).to_have_count(1)
    assert len(gateway.created) == 2


def test_staff_message_is_counted_on_the_closed_launcher(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.ask("May I talk to a person?", replies=2)
    visitor.page.keyboard.press("Escape")
    [conversation] = gateway.conversations.values()
    gateway.add(conversation, gateway.message("staff", {"text": "Ana here."}))

    expect(visitor.launcher).to_contain_text("1 new")
    visitor.launcher.click()
    expect(visitor.entries.last).to_contain_text("Ana here.")


def test_slow_reply_is_announced_with_the_phone(visitor: Visitor, gateway: FakeGateway) -> None:
    gateway.delay_seconds = 9
    visitor.ask("thank you")

    working = visitor.page.locator("frontdesk-chat .working:not(.waits)")
    expect(working).to_have_text("Looking for an answer…")
    expect(working).to_contain_text("taking longer than usual", timeout=10_000)
    expect(working.get_by_role("link")).to_have_attribute("href", "tel:+13125550142")
    expect(visitor.replies).to_have_count(2)
    expect(working).to_be_hidden()


def test_page_without_https_has_a_conversation(context: BrowserContext, visit: Visit, gateway: FakeGateway) -> None:
    context.add_init_script("delete Crypto.prototype.randomUUID; delete Navigator.prototype.locks; delete Navigator.prototype.clipboard")
    visitor = visit()
    visitor.open()
    visitor.ask("thank you", replies=2)

    assert UUID(gateway.posts[0]["client_message_id"]).version == 4
    visitor.menu("Copy the conversation")
    expect(visitor.panel).to_contain_text("Copying did not work.")


def test_page_without_storage_has_a_conversation(context: BrowserContext, visit: Visit) -> None:
    for shelf in ("localStorage", "sessionStorage"):
        context.add_init_script(f"Object.defineProperty(window, '{shelf}', {{ get() {{ throw new DOMException('no'); }} }})")
    visitor = visit()
    visitor.open()

    visitor.ask("thank you", replies=2)
