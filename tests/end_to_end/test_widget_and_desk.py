"""A visitor and a member of staff, each in a browser of their own, with everything real behind them: gateway, Rasa, action server."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

pytest.importorskip("playwright")
from playwright.sync_api import Browser, Page, ViewportSize, expect

from database.base import now
from database.engine import open_database, transaction
from desk import staff
from evaluation import processes
from evaluation.own_database import shipped_knowledge
from tests.end_to_end.desk_driver import PASSWORD, Agent
from tests.widget.panel_driver import Visitor
from tests.widget.real_gateway import CONTACT_KEY, SECRET, running_gateway

pytest_plugins = ["tests.widget.fixtures"]
pytestmark = [pytest.mark.slow, pytest.mark.end_to_end]

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
QUESTION = "How long is recovery after gracilis surgery?"
RASA_SECONDS = 30_000
MOST_STEPS = 8


@dataclass
class Clinic:
    """Everything that runs, and who works there."""

    address: str
    login: str


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    if not processes.MODEL.exists():
        pytest.fail("There is no trained model. Run: make train")
    folder: Path = tmp_path_factory.mktemp("two-browsers")
    facts = yaml.safe_load(Path("data/clinic.yml").read_text()) | {"hours": dict.fromkeys(DAYS, ["00:00-23:59"]), "holidays": []}
    (folder / "clinic.yml").write_text(yaml.safe_dump(facts))
    url, clinic_file, port = shipped_knowledge(folder), str(folder / "clinic.yml"), str(processes.free_port())
    actions_url = f"http://127.0.0.1:{port}/webhook"
    own = {"DATABASE_URL": url, "CLINIC_FILE": clinic_file, "RASA_SECRET": SECRET, "CONTACT_KEYS": CONTACT_KEY, "ACTIONS_PORT": port}
    variables = {f"FRONTDESK_{name}": value for name, value in (own | {"ACTIONS_URL": actions_url}).items()}
    with (
        processes.assistant_for_measuring(**variables) as begin,
        running_gateway(url, CLINIC_FILE=clinic_file, RASA_URL=begin().address, ACTIONS_URL=actions_url) as address,
    ):
        yield Clinic(address, with_account(url))


def with_account(url: str) -> str:
    engine = open_database(url)
    with transaction(engine) as session:
        person = staff.create(session, login="dana", name="Dana Reyes", role="agent", password=PASSWORD, by=None, at=now())
        person.must_change_password = False
    engine.dispose()
    return "dana"


@pytest.fixture
def pages(browser: Browser) -> Iterator[tuple[Page, Page]]:
    """Two empty profiles: nothing of one browser is known in the other."""
    contexts = [
        browser.new_context(viewport=ViewportSize(width=1280, height=800), locale="en-US", reduced_motion="reduce") for _ in range(2)
    ]
    for context in contexts:
        context.set_default_timeout(RASA_SECONDS)
    yield contexts[0].new_page(), contexts[1].new_page()
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(clinic: Clinic, pages: tuple[Page, Page]) -> Visitor:
    pages[0].goto(clinic.address)
    visitor = Visitor(pages[0])
    visitor.open()
    return visitor


@pytest.fixture
def agent(clinic: Clinic, pages: tuple[Page, Page]) -> Agent:
    agent = Agent(pages[1], clinic.address)
    agent.sign_in(clinic.login)
    return agent


def replied(visitor: Visitor, text: str) -> None:
    """Ask, and wait for the assistant's reply."""
    before = visitor.replies.count()
    visitor.ask(text)
    expect(visitor.replies.nth(before)).to_be_visible(timeout=RASA_SECONDS)


def leave_a_callback(visitor: Visitor) -> str:
    """Be not satisfied, go through the form, and send the card; returns the reference."""
    replied(visitor, "that did not help me")
    visitor.button("Call me back").last.click()
    for _ in range(MOST_STEPS):
        before = visitor.replies.count()
        expect(visitor.replies.nth(before)).to_be_visible(timeout=RASA_SECONDS)
        if visitor.contact.is_visible():
            break
        open_buttons = visitor.replies.last.locator(".choice:not([disabled])")
        if open_buttons.count():
            open_buttons.first.click()
        else:
            visitor.ask("mornings")
    visitor.fill_contact(name="Ann Example", phone="(312) 555-0123")
    visitor.send_contact()
    return visitor.reference()


def sees_line(visitor: Visitor, text: str) -> None:
    expect(visitor.system_lines.last).to_contain_text(text)


def both_type(visitor: Visitor, agent: Agent) -> None:
    agent.box.press_sequentially("Hel")
    expect(visitor.panel).to_contain_text("Clinic staff is typing")
    agent.says("Hello Ann, how can I help?")
    expect(visitor.staff_lines.last).to_contain_text("Hello Ann, how can I help?")
    visitor.box.press_sequentially("How")
    expect(agent.page.locator("#typing")).to_have_text("The visitor is typing …")
    visitor.ask(QUESTION)
    expect(agent.lines.last).to_contain_text(QUESTION)


def sends_an_answer(visitor: Visitor, agent: Agent) -> None:
    """An approved answer with a link looks like an answer on both sides, and not like the marks that it was written with."""
    answer = agent.inserts_answer("recovery gracilis")
    agent.adds("More: [the clinic's page](https://example.org/recovery)")
    expect(visitor.staff_lines.last).to_contain_text(answer[:40])
    for entry in (visitor.staff_lines.last, agent.lines.last):
        expect(entry.get_by_role("link", name="the clinic's page")).to_have_attribute("href", "https://example.org/recovery")
        assert "](" not in entry.inner_text()


def test_visitor_and_agent_see_each_step_of_the_other(visitor: Visitor, agent: Agent) -> None:
    agent.stay_on("/desk")
    expect(agent.page.get_by_text("Nobody is waiting.")).to_be_visible()
    replied(visitor, QUESTION)
    reference = leave_a_callback(visitor)
    said_by_bot = visitor.replies.count()

    agent.sees_in_queue(reference)
    agent.opens(reference)
    agent.presses("Claim")
    sees_line(visitor, "Dana Reyes from the clinic takes care of your request now.")
    agent.presses("Take over the chat")
    sees_line(visitor, "Dana Reyes from the clinic has joined this chat")
    both_type(visitor, agent)
    sends_an_answer(visitor, agent)
    visitor.keep_picture("two-browsers-visitor")
    agent.keep_picture("two-browsers-agent")
    agent.resolves("Answered in the chat")
    sees_line(visitor, f"Your request {reference} is closed. The clinic has answered you.")
    assert visitor.replies.count() == said_by_bot

    replied(visitor, QUESTION)
    expect(visitor.replies.last).to_have_attribute("data-kind", "answer")
    expect(visitor.replies).to_have_count(said_by_bot + 1)
    expect(visitor.replies.last.locator("xpath=..").get_by_role("button", name="Call me back", disabled=False)).to_have_count(0)


def test_chat_that_is_handed_back_is_answered_by_the_assistant_again(visitor: Visitor, agent: Agent) -> None:
    visitor.talk_to_a_person()
    visitor.fill_contact(name="Bea Example", email="bea@example.org")
    visitor.choose_channel("callback")
    visitor.send_contact()
    agent.stay_on("/desk")
    agent.opens(visitor.reference())
    agent.presses("Claim")
    agent.presses("Take over the chat")
    visitor.ask("Is anybody there?")
    expect(agent.lines.last).to_contain_text("Is anybody there?")
    said_by_bot = visitor.replies.count()

    agent.presses("Hand back to the assistant")
    expect(visitor.system_lines.last).to_contain_text("Dana Reyes has left this chat. The automatic assistant answers here again.")
    assert visitor.replies.count() == said_by_bot
    replied(visitor, QUESTION)
    expect(visitor.replies.last).to_have_attribute("data-kind", "answer")
    expect(visitor.contact).to_be_hidden()
