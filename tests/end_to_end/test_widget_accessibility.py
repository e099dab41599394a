"""The checklist of 13 points (peers.md, section 4), and axe-core on every state."""

from collections.abc import Callable

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Browser, BrowserContext, expect

from tests.widget.fake_gateway import FakeGateway
from tests.widget.panel_driver import Visit, Visitor

pytest_plugins = ["tests.widget.fixtures"]
pytestmark = pytest.mark.slow

Steps = Callable[[Visitor, FakeGateway], None]


def be_lost(visitor: Visitor, _: FakeGateway) -> None:
    visitor.page.context.set_offline(True)
    visitor.ask("thank you")
    expect(visitor.panel).to_contain_text("Connection lost.")
    expect(visitor.entries.last).to_contain_text("Waiting to be sent")


def wait_for_a_reply(visitor: Visitor, gateway: FakeGateway) -> None:
    gateway.delay_seconds = 4
    visitor.ask("thank you")
    expect(visitor.panel).to_contain_text("Looking for an answer")


def be_refused(visitor: Visitor, gateway: FakeGateway) -> None:
    gateway.fail_posts = [500, 413]
    visitor.ask("thank you")
    visitor.ask("again")
    expect(visitor.entries.last).to_contain_text("Not sent: too long")


def erase(visitor: Visitor, _: FakeGateway) -> None:
    visitor.menu("End and erase")
    visitor.button("Erase it").click()
    expect(visitor.button("Start a new conversation")).to_be_visible()


def choose(visitor: Visitor, _: FakeGateway) -> None:
    visitor.ask("which one?", 2)
    visitor.button("Brow lift").click()
    expect(visitor.replies).to_have_count(3)


def comment(visitor: Visitor, _: FakeGateway) -> None:
    visitor.ask("eyelid lift", 2)
    visitor.button("Yes").click()
    expect(visitor.button("Send comment")).to_be_visible()


def unfold(visitor: Visitor, _: FakeGateway) -> None:
    visitor.ask("asleep", 2)
    visitor.page.get_by_text("3 sources").click()


def open_card(visitor: Visitor, _: FakeGateway) -> None:
    visitor.ask("an appointment", replies=2)
    expect(visitor.contact).to_be_visible()


def change_wishes(visitor: Visitor, _: FakeGateway) -> None:
    visitor.talk_to_a_person()
    visitor.button("Add wishes (optional)").click()


def be_refused_a_field(visitor: Visitor, gateway: FakeGateway) -> None:
    refusal = {"code": "contact_invalid", "message": "Did you mean ann@gmail.com?", "field": "email", "suggestion": "ann@gmail.com"}
    gateway.refuse_handoffs = [(422, refusal), (500, {"code": "internal_error", "message": "Something went wrong."})]
    visitor.talk_to_a_person()
    visitor.fill_contact(name="Ann", email="ann@gmial.com")
    visitor.send_contact()
    expect(visitor.button("Use ann@gmail.com")).to_be_visible()


def have_details_refused(visitor: Visitor, gateway: FakeGateway) -> None:
    be_refused_a_field(visitor, gateway)
    visitor.send_contact()
    expect(visitor.contact.get_by_role("alert")).to_contain_text("Not sent.")


def hand_over(visitor: Visitor, gateway: FakeGateway) -> None:
    gateway.on_duty = True
    visitor.talk_to_a_person()
    visitor.fill_contact(name="Ann Example", phone="+1 312-555-0123")
    visitor.send_contact()
    visitor.reference()


def chat_with_staff(visitor: Visitor, gateway: FakeGateway) -> None:
    hand_over(visitor, gateway)
    [conversation] = gateway.conversations.values()
    gateway.add(conversation, gateway.message("system", {"text": "Ana of the clinic has joined. The assistant is silent now."}))
    gateway.add(conversation, gateway.message("staff", {"text": "Hello, this is Ana. How can I help?"}))
    expect(visitor.staff_lines).to_have_count(1)
    visitor.ask("When can I come?")
    gateway.say_typing(conversation)
    expect(visitor.panel).to_contain_text("is typing")


def ask_again(visitor: Visitor, gateway: FakeGateway) -> None:
    hand_over(visitor, gateway)
    visitor.button("Talk to a person").click()
    expect(visitor.panel).to_contain_text("is with our staff.")


STATES: dict[str, Steps] = {
    "launcher": lambda visitor, _: visitor.page.keyboard.press("Escape"),
    "greeting": lambda visitor, _: None,
    "answer": lambda visitor, _: visitor.ask("eyelid lift", 2),
    "reviewed, sources unfolded": unfold,
    "comment": comment,
    "clarify": lambda visitor, _: visitor.ask("which one?", 2),
    "chosen": choose,
    "not covered": lambda visitor, _: visitor.ask("weather", 2),
    "emergency": lambda visitor, _: visitor.ask("droop", 2),
    "unavailable": lambda visitor, _: visitor.ask("broken", 2),
    "handoff": lambda visitor, _: visitor.ask("person", 2),
    "waiting": wait_for_a_reply,
    "not sent": be_refused,
    "connection lost": be_lost,
    "too long": lambda visitor, _: visitor.box.fill("a" * 1_100),
    "menu": lambda visitor, _: visitor.button("More options").click(),
    "confirm": lambda visitor, _: visitor.menu("End and erase"),
    "erased": erase,
    "contact card": open_card,
    "contact card, wishes": change_wishes,
    "contact card, field refused": be_refused_a_field,
    "contact card, not sent": have_details_refused,
    "waiting for staff": hand_over,
    "staff": chat_with_staff,
    "person asked for again": ask_again,
    "personal number": lambda visitor, _: visitor.box.fill("call me at 312-555-0123"),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(state: str, theme: str, visit: Visit, gateway: FakeGateway, axe: str) -> None:
    visitor = visit(theme=theme)
    visitor.open()
    STATES[state](visitor, gateway)
    visitor.page.mouse.move(0, 0)
    visitor.keep_picture(f"{theme}-{state}")

    assert visitor.violations(axe) == []


@pytest.mark.parametrize("color", ["#ffe000", "#00ff66", "#0b6268", "white", "black", "hotpink"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_own_colour_can_be_read(color: str, theme: str, visit: Visit, axe: str) -> None:
    visitor = visit(theme=theme, color=color)
    visitor.open()
    visitor.ask("which one?", replies=2)
    visitor.button("Brow lift").click()
    expect(visitor.replies).to_have_count(3)

    assert visitor.violations(axe) == []


@pytest.mark.parametrize(("width", "height"), [(320, 640), (320, 256), (390, 844)])
def test_axe_finds_nothing_on_small_screens(width: int, height: int, visit: Visit, axe: str, context: BrowserContext) -> None:
    visitor = visit()
    visitor.page.set_viewport_size({"width": width, "height": height})
    visitor.open()
    visitor.ask("both", replies=3)
    visitor.keep_picture(f"{width}x{height}")

    assert visitor.violations(axe) == []


# --- live region (1, 2, 3) -----------------------------------------------------------------------------------------


def test_reply_is_said_once_without_marks_and_with_choices(visitor: Visitor) -> None:
    visitor.record_speech()
    visitor.ask("which one?", replies=2)
    visitor.ask("eyelid lift", replies=3)

    spoken = [text for text in visitor.spoken() if text.startswith("Assistant:")]
    assert len(spoken) == 2
    assert spoken[0] == (
        "Assistant: Which operation do you mean? Choices: Eyelid weight, Gracilis muscle transfer, Brow lift, None of these."
    )
    assert "**" not in spoken[1]
    assert "http" not in spoken[1]
    assert "Not yet reviewed by this clinic." in spoken[1]


def test_greeting_is_said_without_addresses(visit: Visit) -> None:
    visitor = visit()
    visitor.record_speech()
    visitor.open()

    assert visitor.spoken()[0].endswith("If this may be an emergency, call 911 now. Choices: Recovery, Anesthesia, Insurance.")


def test_live_region_is_apart_from_the_transcript_and_empties(visitor: Visitor) -> None:
    visitor.ask("thank you", replies=2)

    expect(visitor.page.locator("frontdesk-chat .transcript [aria-live], frontdesk-chat .transcript[aria-live]")).to_have_count(0)
    expect(visitor.page.locator("frontdesk-chat [role=log]")).to_have_count(0)
    live = visitor.page.locator("frontdesk-chat .panel > [aria-live=polite]")
    expect(live).to_have_count(1)
    expect(live).to_be_empty()


def test_history_is_not_read_again(visitor: Visitor) -> None:
    visitor.ask("thank you", replies=2)
    visitor.page.add_init_script(
        """window.spoken = []; customElements.whenDefined('frontdesk-chat').then(() => document.querySelector('frontdesk-chat')
      .shadowRoot.querySelectorAll('[aria-live]').forEach((node) => new MutationObserver((changes) => changes.forEach((change) =>
        change.addedNodes.forEach((added) => window.spoken.push(added.textContent)))).observe(node, { childList: true })));"""
    )
    visitor.page.reload()
    expect(visitor.replies).to_have_count(2)

    assert visitor.spoken() == []


# --- focus (4, 5, 6) -----------------------------------------------------------------------------------------------


def test_keyboard_alone_is_enough(visit: Visit) -> None:
    visitor = visit()
    press = visitor.page.keyboard.press
    visitor.launcher.focus()
    press("Enter")
    expect(visitor.replies).to_have_count(1)
    assert visitor.focused() == "question"
    visitor.page.keyboard.type("which one?")
    press("Shift+Enter")
    visitor.page.keyboard.type("tell me")
    press("Enter")
    expect(visitor.replies).to_have_count(2)
    expect(visitor.page.locator("frontdesk-chat .from-visitor")).to_contain_text("which one?\ntell me")

    while visitor.focused() != "Gracilis muscle transfer":
        press("Shift+Tab")
    press("Space")
    expect(visitor.replies).to_have_count(3)
    assert visitor.focused() == "Gracilis muscle transfer"
    press("Escape")
    expect(visitor.panel).to_be_hidden()
    assert visitor.focused() == "Ask a question"


def test_escape_closes_one_thing_after_the_other(visitor: Visitor) -> None:
    visitor.menu("End and erase")
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.get_by_role("alertdialog")).to_have_count(0)
    assert visitor.focused() == "More options"
    visitor.button("More options").click()
    visitor.page.keyboard.press("Escape")
    expect(visitor.button("Copy the conversation")).to_be_hidden()
    expect(visitor.panel).to_be_visible()
    visitor.page.keyboard.press("Escape")

    expect(visitor.panel).to_be_hidden()
    assert visitor.focused() == "Ask a question"


def test_keyboard_alone_can_leave_contact_details(visitor: Visitor, gateway: FakeGateway) -> None:
    press, write = visitor.page.keyboard.press, visitor.page.keyboard.type
    visitor.button("Talk to a person").focus()
    press("Enter")
    expect(visitor.contact).to_be_visible()
    press("Tab")
    press("ArrowDown")
    press("Tab")
    write("Ann Example")
    press("Tab")
    press("Tab")
    write("ann@example.org")
    press("Tab")
    assert visitor.focused() == "Add wishes (optional)"
    press("Tab")
    press("Space")
    press("Tab")
    press("Enter")

    visitor.reference()
    [sent] = gateway.handoffs
    assert (sent["name"], sent["email"], sent["channel"]) == ("Ann Example", "ann@example.org", "appointment")


def test_message_that_comes_does_not_move_the_focus(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.page.get_by_role("button", name="Ask about recovery").focus()
    [conversation] = gateway.conversations.values()
    gateway.add(conversation, gateway.message("staff", {"text": "Ana here."}))
    expect(visitor.entries.last).to_contain_text("Ana here.")

    assert visitor.focused() == "Ask about recovery"


def test_panel_open_from_the_start_leaves_the_focus(visit: Visit) -> None:
    visitor = visit(open="")

    expect(visitor.replies).to_have_count(1)
    assert visitor.page.evaluate("document.activeElement.localName") == "body"


def test_panel_that_covers_the_page_keeps_the_focus_inside(visit: Visit) -> None:
    visitor = visit()
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    visitor.open()

    for _ in range(14):
        visitor.page.keyboard.press("Tab")
        assert visitor.focused() not in {"Ask about recovery", "Our team"}
    expect(visitor.panel).to_have_js_property("open", value=True)
    assert visitor.page.evaluate("document.querySelector('frontdesk-chat').shadowRoot.querySelector('.panel').matches(':modal')")


def test_page_may_not_cover_itself_on_a_phone(browser: Browser, context: BrowserContext, visit: Visit) -> None:
    visitor = visit(open="")
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    visitor.page.evaluate("sessionStorage.clear()")
    visitor.page.reload()

    expect(visitor.launcher).to_be_visible()
    expect(visitor.panel).to_be_hidden()


def test_launcher_has_a_name_and_a_state(visit: Visit) -> None:
    visitor = visit()
    launcher = visitor.page.get_by_role("button", name="Ask a question", exact=True)

    expect(launcher).to_have_attribute("aria-expanded", "false")
    launcher.click()
    expect(launcher).to_have_attribute("aria-expanded", "true")
    launcher.click()
    expect(visitor.panel).to_be_hidden()


def test_only_tabindex_0_and_minus_1_are_used(visitor: Visitor) -> None:
    visitor.ask("both", replies=3)

    expect(visitor.page.locator("frontdesk-chat [tabindex]:not([tabindex='0'], [tabindex='-1'])")).to_have_count(0)


# --- reading (7, 8) ------------------------------------------------------------------------------------------------


def test_new_messages_button_leads_there_when_scrolled_up(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.ask("long", replies=2)
    transcript = visitor.page.get_by_role("region", name="Conversation")
    transcript.hover()
    visitor.page.mouse.wheel(0, -5_000)
    expect(transcript).to_have_js_property("scrollTop", 0)
    [conversation] = gateway.conversations.values()
    gateway.add(conversation, gateway.message("staff", {"text": "Ana here."}))
    expect(visitor.button("New messages")).to_be_visible()
    expect(transcript).to_have_js_property("scrollTop", 0)
    transcript.focus()
    while visitor.focused() != "New messages":
        visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")

    expect(visitor.entries.last).to_be_in_viewport()
    expect(visitor.entries.last).to_be_focused()
    expect(visitor.button("New messages")).to_be_hidden()


def test_long_reply_is_shown_from_its_beginning(visitor: Visitor) -> None:
    visitor.ask("long", replies=2)

    expect(visitor.replies.last.get_by_text("Paragraph 1.")).to_be_in_viewport()
    expect(visitor.page.locator("frontdesk-chat .from-visitor")).to_be_in_viewport()
    expect(visitor.button("New messages")).to_be_hidden()


def test_late_reply_stands_after_its_question(visitor: Visitor, gateway: FakeGateway) -> None:
    visitor.ask("thank you", replies=2)
    visitor.ask("weather", replies=3)
    [conversation] = gateway.conversations.values()
    first = next(message for message in conversation.messages if message["sender"] == "visitor")
    gateway.add(conversation, gateway.message("bot", {"text": "A late word.", "reply_to": first["id"]}))
    expect(visitor.replies).to_have_count(4)

    assert "A late word." in visitor.texts()[3]


# --- sizes (9) -----------------------------------------------------------------------------------------------------


def test_targets_are_44_pixels_and_texts_16(visitor: Visitor) -> None:
    visitor.ask("asleep", replies=2)
    visitor.ask("which one?", replies=3)
    visitor.ask("weather", replies=4)
    visitor.talk_to_a_person()
    visitor.button("Add wishes (optional)").click()
    visitor.button("More options").click()
    small = visitor.page.evaluate(
        """() => [...document.querySelector('frontdesk-chat').shadowRoot.querySelectorAll(
        'button, a, summary, textarea, select, label.tick, input:not([type=radio], [type=checkbox])')]
      .filter((node) => node.checkVisibility()).map((node) => [node.textContent || node.id, ...['width', 'height']
        .map((side) => Math.round(node.getBoundingClientRect()[side]))]).filter(([, width, height]) => height < 44 || width < 44)"""
    )
    tiny = visitor.page.evaluate(
        """() => [...document.querySelector('frontdesk-chat').shadowRoot.querySelectorAll('.panel *')]
      .filter((node) => node.checkVisibility() && parseFloat(getComputedStyle(node).fontSize) < 16).map((node) => node.className)"""
    )

    assert small == []
    assert tiny == []


@pytest.mark.parametrize(("width", "height"), [(320, 640), (320, 256), (640, 400), (1280, 720)])
def test_nothing_is_cut_off(width: int, height: int, visit: Visit) -> None:
    """320 by 256 is a window of 1280 by 1024 at 400 % zoom."""
    visitor = visit(title="Ask the clinic")
    visitor.page.set_viewport_size({"width": width, "height": height})
    visitor.open()
    for replies, text in enumerate(["eyelid lift", "asleep", "which one?", "droop", "broken", "weather"], start=2):
        visitor.ask(text, replies)
    assert visitor.overflow_x() == 0
    expect(visitor.button("Talk to a person")).to_be_in_viewport()
    expect(visitor.box).to_be_in_viewport()
    visitor.talk_to_a_person()
    visitor.button("Add wishes (optional)").click()
    visitor.contact.get_by_role("checkbox").scroll_into_view_if_needed()
    visitor.keep_picture(f"card-{width}x{height}")
    assert visitor.overflow_x() == 0

    visitor.menu("End and erase")
    expect(visitor.button("Erase it")).to_be_in_viewport()
    assert visitor.overflow_x() == 0


def test_text_grows_with_the_readers_font_size(visitor: Visitor) -> None:
    visitor.page.add_style_tag(content="html { font-size: 32px !important; }")

    expect(visitor.replies.first.locator(".text")).to_have_css("font-size", "34px")
    assert visitor.overflow_x() == 0


# --- preferences (10) ----------------------------------------------------------------------------------------------


def test_right_to_left_page_mirrors_the_panel(visit: Visit, axe: str) -> None:
    visitor = visit(dir="rtl", lang="ar")
    visitor.open()
    visitor.ask("which one?", replies=2)
    panel, close = visitor.panel.bounding_box(), visitor.page.locator("frontdesk-chat .top .tool").last.bounding_box()

    assert panel is not None
    assert close is not None
    assert panel["x"] == 20
    assert close["x"] < panel["x"] + 80
    visitor.keep_picture("right-to-left")
    assert visitor.violations(axe) == []


def test_reduced_motion_has_no_animation(visitor: Visitor) -> None:
    running = visitor.page.evaluate("document.querySelector('frontdesk-chat').shadowRoot.getAnimations().length")
    assert running == 0
    visitor.page.emulate_media(reduced_motion="no-preference")
    visitor.ask("thank you")

    expect(visitor.entries.last).to_have_css("animation-name", "appear")


def test_forced_colours_keep_borders_and_choice(visitor: Visitor, axe: str) -> None:
    visitor.page.emulate_media(forced_colors="active")
    visitor.ask("which one?", replies=2)
    visitor.button("Brow lift").click()
    expect(visitor.replies).to_have_count(3)

    expect(visitor.page.locator("frontdesk-chat .bubble").first).to_have_css("border-top-width", "2px")
    chosen = visitor.button("Brow lift").evaluate("(node) => getComputedStyle(node).backgroundColor")
    other = visitor.button("Eyelid weight").evaluate("(node) => getComputedStyle(node).backgroundColor")
    assert chosen != other
    visitor.keep_picture("forced-colours")
    assert visitor.violations(axe) == []


# --- tree (12) -----------------------------------------------------------------------------------------------------


def test_accessibility_tree_reads_in_order(visitor: Visitor) -> None:
    visitor.ask("which one?", replies=2)

    expect(visitor.panel).to_match_aria_snapshot(
        """
- dialog "Ask the clinic":
  - heading "Ask the clinic" [level=2]
  - paragraph: Automatic assistant
  - button "More options"
  - button "Close the chat"
  - paragraph:
    - text: In an emergency, call
    - link "911"
  - region "Conversation":
    - list:
      - listitem
      - listitem: "You: which one?"
      - listitem:
        - paragraph:
          - text: Assistant ·
          - time
        - paragraph: Which operation do you mean?
        - list "Choices":
          - listitem:
            - button "Eyelid weight"
          - listitem:
            - button "Gracilis muscle transfer"
          - listitem:
            - button "Brow lift"
          - listitem:
            - button "None of these"
  - text: Your question
  - textbox "Your question"
  - button "Send"
  - button "Talk to a person"
  - paragraph: "Enter sends. Shift+Enter: new line."
"""
    )
