import json
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from database.base import Base
from database.engine import transaction
from desk import __main__ as command
from desk import audit, register
from desk.encryption import Sealer
from desk.errors import EncryptionKeyMissing, HandoffNotFound
from desk.export import export_person
from desk.models import AuditEntry, Delivery, Handoff
from desk.persons import By, Receipt, Sought, erase_person
from gateway.models import Conversation, TrackerErasure
from tests.desk.stored import AT, files_with, store_conversation, store_handoff, store_staff, tables_with

KEY = Fernet.generate_key().decode()
SEALER = Sealer([KEY])
ANN = {"name": "ANNMARK", "phone": "+13125550123", "email": "annmark@example.org"}
BOB = {"name": "BOBMARK", "phone": "+13125550124", "email": "bobmark@example.org"}
WAYS: list[tuple[By, str]] = [("phone", "(312) 555-0123"), ("email", "AnnMark@example.org "), ("conversation", "ann")]


@pytest.fixture
def staff_id(engine: Engine) -> int:
    return store_staff(engine)


@pytest.fixture
def two_people(engine: Engine, staff_id: int) -> None:
    """Ann and Bob, each with a conversation and a handoff out of it."""
    for name, contact in (("ann", ANN), ("bob", BOB)):
        mark = contact["name"]
        store_conversation(engine, name, mark, days=1)
        store_handoff(engine, mark, staff_id=staff_id, conversation_id=name, contact=SEALER.seal(contact))


def erase(engine: Engine, by: By, value: str) -> Receipt:
    return erase_person(engine, SEALER, Sought(by, value), at=AT)


def export(engine: Engine, by: By, value: str) -> dict[str, object]:
    with transaction(engine) as session:
        return export_person(session, SEALER, Sought(by, value), at=AT)


def contacts(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [SEALER.open(contact)["name"] for contact in session.scalars(select(Handoff.contact).order_by(Handoff.id))]


def test_marks_stand_in_every_table_of_visitors(engine: Engine, two_people: None) -> None:
    """Without this, the tests below would see nothing of a table that was added later."""
    of_staff = {"staff", "staff_sessions", "sign_in_failures", "counted_calls"}
    until_rasa_has_forgotten = {"tracker_erasures"}
    assert set(register.personal_columns(Base.metadata)) - of_staff - until_rasa_has_forgotten <= tables_with(engine, "ANNMARK") | {
        "conversations"
    }


@pytest.mark.parametrize(("by", "value"), WAYS)
def test_erased_person_is_gone_and_others_stay(engine: Engine, two_people: None, by: By, value: str) -> None:
    others = tables_with(engine, "BOBMARK")
    receipt = erase(engine, by, value)
    assert tables_with(engine, "ANNMARK") == set()
    assert contacts(engine) == ["BOBMARK"]
    assert tables_with(engine, "BOBMARK") == others
    with Session(engine) as session:
        assert session.scalars(select(Delivery.handoff_id)).all() == session.scalars(select(Handoff.id)).all(), (
            "the outbox names the erased"
        )
    assert receipt.open_handoffs == 1
    assert {"conversations": 1, "messages": 2, "handoffs": 1, "handoff_notes": 1, "deliveries": 1}.items() <= receipt.rows.items()
    with Session(engine) as session:
        assert session.scalars(select(TrackerErasure.conversation_id)).all() == ["ann"]


def test_person_is_found_by_reference(engine: Engine, two_people: None) -> None:
    with transaction(engine) as session:
        session.execute(update(Handoff).where(Handoff.conversation_id == "ann").values(reference="FD-7K3M-9Q2C"))
    erase(engine, "reference", "fd 7k3m 9q2c")
    assert contacts(engine) == ["BOBMARK"]
    with pytest.raises(HandoffNotFound):
        erase(engine, "reference", "fd 7k3m 9q2c")


def test_every_handoff_of_the_phone_is_found(engine: Engine, two_people: None, staff_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.persons.BATCH", 2)
    for _ in range(5):
        store_handoff(engine, "ANNMARK", staff_id=staff_id, contact=SEALER.seal(ANN))
    assert erase(engine, "phone", "312-555-0123").rows["handoffs"] == 6
    assert contacts(engine) == ["BOBMARK"]


def test_receipt_and_audit_name_nobody(engine: Engine, two_people: None) -> None:
    with transaction(engine) as session:
        session.execute(update(Delivery).values(state="sent"))
    receipt = erase(engine, "phone", "312-555-0123")
    assert receipt.sent == {"email": 1}
    with Session(engine) as session:
        (entry,) = session.scalars(select(AuditEntry).filter_by(action="person.erased"))
        assert audit.verify(session) == []
    assert entry.object_id == receipt.digest == SEALER.digest("+13125550123")
    for text in (repr(receipt), repr(entry.details)):
        assert "5550123" not in text
        assert "ANNMARK" not in text


@pytest.mark.parametrize(("by", "value"), WAYS)
def test_export_is_all_of_one_person_and_nothing_of_others(engine: Engine, two_people: None, by: By, value: str) -> None:
    written = json.dumps(export(engine, by, value))
    for part in ("asks", "which", "comment", "wish", "says", "note", "annmark@example.org", "+13125550123"):
        assert part in written, part
    assert "BOBMARK" not in written
    assert "digest" not in written


def test_export_after_erasure_is_empty(engine: Engine, two_people: None) -> None:
    erase(engine, "phone", "312-555-0123")
    assert {key: value for key, value in export(engine, "phone", "312-555-0123").items() if key != "exported_at"} == {
        "conversations": [],
        "handoffs": [],
    }


def test_second_erasure_finds_nothing(engine: Engine, two_people: None) -> None:
    erase(engine, "email", "annmark@example.org")
    assert erase(engine, "email", "annmark@example.org").rows == {}


def test_person_whose_contact_cannot_be_opened_is_not_passed_over(engine: Engine, two_people: None, staff_id: int) -> None:
    store_handoff(engine, "ANNMARK", staff_id=staff_id, contact=Sealer([Fernet.generate_key().decode()]).seal(ANN))
    with pytest.raises(EncryptionKeyMissing):
        erase(engine, "phone", "312-555-0123")
    assert "ANNMARK" in contacts_that_open(engine)


def contacts_that_open(engine: Engine) -> list[str]:
    with Session(engine) as session:
        sealed = session.scalars(select(Handoff.contact).where(Handoff.conversation_id.is_not(None))).all()
        return [SEALER.open(each)["name"] for each in sealed]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestCommands:
    @pytest.fixture(autouse=True)
    def environment(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FRONTDESK_DATABASE_URL", engine.url.render_as_string())
        monkeypatch.setenv("FRONTDESK_CONTACT_KEYS", KEY)

    def run(self, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
        monkeypatch.setattr("sys.argv", ["desk", *arguments])
        return command.main()

    def test_erase_person_prints_the_receipt(
        self, engine: Engine, two_people: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.run(monkeypatch, "erase-person", "--phone", "312-555-0123") == 0
        printed = capsys.readouterr().out
        assert json.loads(printed)["rows"]["handoffs"] == 1
        assert "5550123" not in printed
        assert files_with(tmp_path, "ANNMARK") == []
        assert self.run(monkeypatch, "erase-person", "--phone", "312-555-0123") == 1

    def test_export_person_prints_json(self, two_people: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.run(monkeypatch, "export-person", "--email", "annmark@example.org") == 0
        assert json.loads(capsys.readouterr().out)["handoffs"][0]["contact"] == ANN

    def test_unknown_reference_is_said(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.run(monkeypatch, "erase-person", "--reference", "FD-0000-0000") == 1
        assert "no such handoff" in capsys.readouterr().err

    def test_retain_says_what_was_deleted(
        self, engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        store_conversation(engine, "old", "OLDMARK", days=4000)
        assert self.run(monkeypatch, "retain") == 0
        assert "conversations 1" in capsys.readouterr().out
        assert self.run(monkeypatch, "retain") == 0
        assert "Nothing" in capsys.readouterr().out

    def test_retain_runs_every_day(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        pauses: list[float] = []

        def sleep(seconds: float) -> None:
            pauses.append(seconds)
            store_conversation(engine, f"old{len(pauses)}", "OLDMARK", days=4000)
            if len(pauses) == 3:
                raise KeyboardInterrupt

        monkeypatch.setattr("desk.data_commands.time.sleep", sleep)
        with pytest.raises(KeyboardInterrupt):
            self.run(monkeypatch, "retain", "--daily")
        assert pauses == [86400, 86400, 86400]
        with Session(engine) as session:
            assert session.scalars(select(Conversation.id)).all() == ["old3"]

    def test_register_lists_what_is_personal(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.run(monkeypatch, "register") == 0
        assert "contact" in capsys.readouterr().out
