"""What a member of staff does at the desk, in the words of the tests. A page that was opened once is never loaded again by hand."""

from playwright.sync_api import Locator, Page, expect

from tests.widget.panel_driver import PICTURES

PASSWORD = "seven quiet herons"


class Agent:
    """A browser at the desk of `address`."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.lines = page.locator("#lines > li")
        self.box = page.locator("#text")

    def sign_in(self, login: str) -> None:
        self.page.goto(f"{self.address}/desk/sign-in")
        self.page.get_by_label("Login").fill(login)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", name="Queue")).to_be_visible()

    def stay_on(self, path: str) -> None:
        """Opens a page and marks it: `sees_in_queue` finds out whether it was loaded again."""
        self.page.goto(f"{self.address}{path}")
        self.page.evaluate("() => { window.isFirstLoad = true; }")

    def row(self, reference: str) -> Locator:
        return self.page.locator("#rows .row", has_text=reference)

    def sees_in_queue(self, reference: str) -> None:
        """Waits until the request is there, in the page as it was loaded before."""
        expect(self.row(reference)).to_be_visible()
        assert self.page.evaluate("() => window.isFirstLoad") is True

    def opens(self, reference: str) -> None:
        self.row(reference).locator("a.whole").click()
        expect(self.page.locator("#handoff")).to_be_visible()

    def presses(self, verb: str) -> None:
        self.page.get_by_role("button", name=verb, exact=True).click()

    def says(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Control+Enter")
        expect(self.lines.last).to_contain_text(text)

    def inserts_answer(self, words: str) -> str:
        """Searches an approved answer by keyboard and puts it into the reply; returns the reply as it stands."""
        self.box.press("Alt+a")
        search = self.page.locator("#insert-search")
        search.fill(words)
        expect(self.page.locator("#insert-found .option").first).to_be_visible()
        search.press("Enter")
        expect(self.box).not_to_have_value("")
        return self.box.input_value()

    def adds(self, text: str) -> None:
        """Writes one more paragraph under what stands in the reply, and sends it."""
        self.box.fill(f"{self.box.input_value()}\n\n{text}")
        self.box.press("Control+Enter")
        expect(self.box).to_have_value("")

    def resolves(self, outcome: str) -> None:
        self.page.locator("summary", has_text="Resolve").click()
        self.presses(outcome)

    def keep_picture(self, name: str) -> None:
        """Saves what is on the screen, for people to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")
