"""The pages of the real gateway in a real browser: they can be used by everybody, and the widget works on them."""

import re
from collections.abc import Iterator

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from evaluation.own_database import shipped_knowledge
from tests.widget.panel_driver import PICTURES, Visitor, violations
from tests.widget.real_gateway import running_gateway

pytest_plugins = ["tests.widget.fixtures"]
pytestmark = pytest.mark.slow

PAGES = ["/", "/faq", "/embed"]
SCREENS = {"desktop": ViewportSize(width=1280, height=800), "phone": ViewportSize(width=360, height=740)}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_gateway(shipped_knowledge(tmp_path_factory.mktemp("pages"))) as address:
        yield address


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose scripts may not fail, and which may not be blocked by its own policy."""
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None)
    yield page
    assert errors == []


def keep_picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"page-{name}.png")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_on_the_pages(path: str, screen: str, theme: str, page: Page, address: str, axe: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.set_viewport_size(SCREENS[screen])
    page.goto(address + path)
    keep_picture(page, f"{path.strip('/') or 'home'}-{screen}-{theme}")

    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_with_the_chat_open(screen: str, page: Page, address: str, axe: str) -> None:
    page.set_viewport_size(SCREENS[screen])
    page.goto(address)
    Visitor(page).open()
    keep_picture(page, f"home-{screen}-chat")

    assert violations(page, axe) == []


def test_question_of_the_page_opens_the_chat_and_is_asked(page: Page, address: str) -> None:
    page.goto(address)
    question = page.locator("[data-ask]").first
    words = question.inner_text()
    question.click()

    visitor = Visitor(page)
    expect(page.locator("frontdesk-chat .from-visitor")).to_contain_text(words)
    expect(visitor.replies.last).to_contain_text("Your message is kept", ignore_case=True)


def test_greeting_offers_the_same_questions(page: Page, address: str) -> None:
    page.goto(address)
    visitor = Visitor(page)
    visitor.open()

    offered = visitor.replies.first.get_by_role("listitem").get_by_role("button")
    assert offered.all_inner_texts() == page.locator("[data-ask]").all_inner_texts()
    assert len(offered.all()) >= 3


def test_answers_are_found_by_search(page: Page, address: str) -> None:
    page.goto(f"{address}/faq")
    page.get_by_label("Search the answers").fill("gracilis hospital")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ answers?$"))
    keep_picture(page, "faq-search")

    shown = page.locator("details:visible")
    assert 0 < shown.count() < page.locator("details").count()
    shown.first.locator("summary").click()
    expect(shown.first.locator(".answer")).to_be_visible()


def test_answers_can_be_read_without_scripts(browser: Browser, address: str) -> None:
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{address}/faq")
    page.locator("summary").first.click()

    expect(page.locator(".answer").first).to_be_visible()
    expect(page.get_by_label("Search the answers")).to_be_hidden()
    plain.close()


def test_snippet_follows_the_settings(page: Page, address: str) -> None:
    page.goto(f"{address}/embed")
    page.get_by_label("Title").fill('Ask "us"')

    expect(page.locator("#snippet")).to_contain_text(f'src="{address}/widget/widget.js"')
    expect(page.locator("#snippet")).to_contain_text('data-title="Ask &#34;us&#34;"')
