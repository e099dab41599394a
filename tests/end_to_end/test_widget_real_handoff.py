"""A visitor leaves contact details and chats with a person, at the real gateway, while Rasa does not even run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

pytest.importorskip("playwright")
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from database.base import now
from database.engine import open_database, transaction
from desk import handoffs
from desk.encryption import Sealer
from desk.models import Handoff, Staff
from evaluation.own_database import shipped_knowledge
from gateway import live, ownership
from tests.widget.panel_driver import Visitor
from tests.widget.real_gateway import CONTACT_KEY, running_gateway

pytest_plugins = ["tests.widget.fixtures"]
pytestmark = [pytest.mark.slow, pytest.mark.end_to_end]

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass
class Clinic:
    """A running gateway, and its database as staff see it."""

    address: str
    engine: Engine

    def newest(self) -> Handoff:
        with transaction(self.engine) as session:
            found = session.scalars(select(Handoff).order_by(Handoff.created_at.desc())).first()
            assert found is not None
            session.expunge(found)
            return found


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    folder: Path = tmp_path_factory.mktemp("handoff")
    facts = yaml.safe_load(Path("data/clinic.yml").read_text()) | {"hours": dict.fromkeys(DAYS, ["00:00-23:59"]), "holidays": []}
    (folder / "clinic.yml").write_text(yaml.safe_dump(facts))
    url = shipped_knowledge(folder)
    engine = open_database(url)
    with running_gateway(url, CLINIC_FILE=str(folder / "clinic.yml")) as address:
        yield Clinic(address, engine)
    engine.dispose()


@pytest.fixture
def visitor(clinic: Clinic, context: BrowserContext) -> Visitor:
    page = context.new_page()
    page.goto(clinic.address)
    visitor = Visitor(page)
    visitor.open()
    return visitor


@pytest.fixture
def on_duty(clinic: Clinic) -> Iterator[None]:
    with transaction(clinic.engine) as session:
        session.add(Staff(name="Ana", login="ana", password_hash="-", role="agent", on_duty_until=now() + timedelta(hours=1)))
    yield
    with transaction(clinic.engine) as session:
        session.execute(delete(Staff))


def test_reference_that_the_visitor_reads_exists(visitor: Visitor, clinic: Clinic) -> None:
    visitor.ask("How long is recovery after gracilis surgery?")
    expect(visitor.replies.last).to_contain_text("No automatic answer right now")
    visitor.talk_to_a_person()
    visitor.fill_contact(name="Ann Example", phone="(312) 555-0123")
    visitor.choose_channel("appointment")
    visitor.keep_picture("real-card")
    visitor.send_contact()

    reference, filed = visitor.reference(), clinic.newest()
    assert reference == filed.reference
    assert (filed.channel, filed.state) == ("appointment", "waiting")
    contact = handoffs.contact_of(filed, Sealer.from_keys(CONTACT_KEY))
    assert (contact.name, contact.phone, contact.email) == ("Ann Example", "+13125550123", None)
    visitor.keep_picture("real-confirmed")


def test_misspelt_domain_is_asked_about_and_wrong_phone_is_explained(visitor: Visitor, clinic: Clinic) -> None:
    visitor.talk_to_a_person()
    visitor.fill_contact(name="Bea Example", phone="12")
    visitor.send_contact()
    expect(visitor.contact.get_by_label("Phone", exact=True)).to_have_attribute("aria-invalid", "true")
    visitor.fill_contact(phone="", email="bea@gmial.com")
    visitor.send_contact()
    visitor.keep_picture("real-suggestion")
    visitor.button("Use bea@gmail.com").click()
    visitor.send_contact()

    assert visitor.reference() == clinic.newest().reference


def test_person_joins_writes_and_leaves(visitor: Visitor, clinic: Clinic, on_duty: None) -> None:
    visitor.talk_to_a_person()
    expect(visitor.contact.get_by_role("radio", name="Chat with our staff now")).to_be_checked()
    visitor.fill_contact(name="Cy Example", email="cy@example.org")
    visitor.send_contact()
    visitor.reference()
    expect(visitor.panel).to_contain_text("Waiting for our staff.")

    conversation_id = str(clinic.newest().conversation_id)
    as_staff(clinic, lambda session: live.say(session, conversation_id, "Hello, how can I help?", "Ana"))
    expect(visitor.staff_lines).to_contain_text("Hello, how can I help?")
    expect(visitor.panel).not_to_contain_text("Waiting for our staff.")
    visitor.ask("May I come on Monday?")
    expect(visitor.page.locator("frontdesk-chat .state")).to_have_count(0)
    as_staff(clinic, lambda session: ownership.hand_back(session, conversation_id))
    expect(visitor.system_lines.last).to_be_visible()
    visitor.keep_picture("real-chat")

    assert [text for text in visitor.texts() if "No automatic answer" in text] == []


def as_staff(clinic: Clinic, work: Callable[[Session], object]) -> None:
    with transaction(clinic.engine) as session:
        work(session)
