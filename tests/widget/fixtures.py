"""Fixtures for the tests of the widget in a real browser.

One Chromium for the whole run, one context (an empty profile) for each test. The browser and its driver are not
in every environment: without them the tests are skipped, with the reason.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright import sync_api

from tests.widget.clinic_pages import create_site
from tests.widget.fake_gateway import FakeGateway, create_app
from tests.widget.panel_driver import Visit, Visitor
from tests.widget.serving import served
from tools.browser_tools import find_chromium

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP = sync_api.ViewportSize(width=1280, height=800)
EXPECT_MS = 8_000


@pytest.fixture(scope="session")
def browser() -> Iterator["sync_api.Browser"]:
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("no Chromium: python -m tools.browser_tools")
    sync_api.expect.set_options(timeout=EXPECT_MS)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def gateway_url(gateway: FakeGateway) -> Iterator[str]:
    with served(create_app(gateway)) as url:
        yield url


@pytest.fixture
def site_url(gateway_url: str) -> Iterator[str]:
    with served(create_site(gateway_url)) as url:
        yield url


@pytest.fixture
def context(browser: "sync_api.Browser") -> Iterator["sync_api.BrowserContext"]:
    context = browser.new_context(viewport=DESKTOP, locale="en-US", reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def visit(context: "sync_api.BrowserContext", site_url: str) -> Iterator[Visit]:
    """Opens a page of the clinic with the given settings of the widget; at the end no page may have had an error."""
    errors: list[str] = []

    def go(path: str = "/", **settings: str) -> Visitor:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{site_url}{path}?{urlencode(settings)}")
        return Visitor(page)

    yield go
    assert errors == []


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    """A visitor with the panel open and the greeting in front of them."""
    visitor = visit()
    visitor.open()
    return visitor


@pytest.fixture
def axe() -> str:
    """The source of axe-core."""
    if not AXE.exists():
        pytest.skip("no axe-core: npm ci")
    return AXE.read_text()
