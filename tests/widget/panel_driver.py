"""What a visitor does with the widget, and what they see, in the words of the tests."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

REFERENCE = re.compile(r"FD-\w{4}-\w{4}")
PICTURES = Path(__file__).parents[2] / ".cache" / "pictures" / "widget"
FOCUSED = """() => {
  let node = document.activeElement;
  while (node && node.shadowRoot && node.shadowRoot.activeElement) node = node.shadowRoot.activeElement;
  return (node.getAttribute('aria-label') || node.textContent || node.id || node.tagName).trim() || node.id;
}"""
# Keeps all that the live regions have said: they empty themselves.
RECORD_SPEECH = """() => {
  window.spoken = [];
  const watch = (node) => new MutationObserver((changes) => {
    for (const change of changes) for (const added of change.addedNodes) window.spoken.push(added.textContent);
  }).observe(node, { childList: true });
  document.querySelector('frontdesk-chat').shadowRoot.querySelectorAll('[aria-live]').forEach(watch);
}"""


class Visitor:
    """A page with the widget on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.locator("frontdesk-chat .launcher")
        self.panel = page.get_by_role("dialog", name="Ask the clinic")
        self.box = page.get_by_label("Your question")
        self.entries = page.locator("frontdesk-chat .entry")
        self.replies = page.locator("frontdesk-chat .from-bot")
        self.staff_lines = page.locator("frontdesk-chat .from-staff")
        self.system_lines = page.locator("frontdesk-chat .from-system")
        self.contact = page.get_by_role("form", name="How can we reach you?")

    def open(self) -> None:
        self.launcher.click()
        expect(self.replies.first).to_be_visible()

    def ask(self, text: str, replies: int | None = None) -> None:
        """Writes and sends; waits for the number of replies in all, where one is given."""
        self.box.fill(text)
        self.box.press("Enter")
        if replies is not None:
            expect(self.replies).to_have_count(replies)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def menu(self, name: str) -> None:
        self.button("More options").click()
        self.button(name).click()

    def talk_to_a_person(self) -> None:
        """Asks for a person, and waits for the contact card."""
        self.button("Talk to a person").click()
        expect(self.contact).to_be_visible()

    def fill_contact(self, **values: str) -> None:
        """Writes into the card: `name`, `phone`, `email`, and the wishes by their names; agrees, too."""
        for name, value in values.items():
            self.contact.locator(f'[name="{name}"]').fill(value)
        self.contact.get_by_role("checkbox").check()

    def choose_channel(self, channel: str) -> None:
        """`live`, `callback` or `appointment`."""
        self.contact.locator(f'[value="{channel}"]').check()

    def send_contact(self) -> None:
        self.contact.get_by_role("button", name="Send to the clinic").click()

    def reference(self) -> str:
        """Waits for the confirmation, and gives the reference number in it."""
        confirmation = self.replies.filter(has_text=REFERENCE).last
        expect(confirmation).to_be_visible()
        found = REFERENCE.search(confirmation.inner_text())
        assert found is not None
        return found[0]

    def texts(self) -> list[str]:
        """All entries as they can be read, without the hour."""
        return [text.split("\n", 1)[-1].strip() for text in self.entries.all_inner_texts()]

    def keep_picture(self, name: str) -> None:
        """Saves what is on the screen, for people to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name.replace(' ', '-').replace(',', '')}.png")

    def focused(self) -> str:
        return str(self.page.evaluate(FOCUSED))

    def record_speech(self) -> None:
        self.page.evaluate(RECORD_SPEECH)

    def spoken(self) -> list[str]:
        return list(self.page.evaluate("() => window.spoken"))

    def violations(self, axe: str) -> list[str]:
        return violations(self.page, axe)

    def overflow_x(self) -> int:
        """How many pixels of the panel are cut off or must be scrolled to sideways; 0 is right."""
        return int(
            self.page.evaluate(
                """() => {
          const root = document.querySelector('frontdesk-chat').shadowRoot;
          const widest = Math.max(...[...root.querySelectorAll('.panel *')]
            .filter((node) => !node.closest('.sr-only') && node.getClientRects().length && getComputedStyle(node).clipPath === 'none')
            .map((node) => node.getBoundingClientRect().right));
          return Math.max(0, Math.ceil(widest - innerWidth));
        }"""
            )
        )


def violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds: rule, element and reason; empty when all is well."""
    page.evaluate(axe)
    result: dict[str, Any] = page.evaluate("() => axe.run(document)")
    return [
        f"{found['id']}: {json.dumps(node['target'])} {node['failureSummary']}" for found in result["violations"] for node in found["nodes"]
    ]


Visit = Callable[..., Visitor]
"""Opens a page: `visit("/other", theme="dark")`."""
