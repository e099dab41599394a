from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from database.engine import transaction
from desk import audit, handoffs, retention
from desk.encryption import Sealer
from desk.models import NO_CONTACT, AuditEntry, Handoff
from desk.periods import Periods
from gateway.models import Conversation, Feedback, TrackerErasure
from tests.desk.stored import AT, days_ago, files_with, store_conversation, store_handoff, store_staff, store_traces_of_staff, tables_with

PERIODS = Periods()


@pytest.fixture
def staff_id(engine: Engine) -> int:
    return store_staff(engine)


def run(engine: Engine, days: float = 0) -> Counter[str]:
    return retention.run(engine, PERIODS, AT + timedelta(days=days))


def test_old_conversation_is_deleted_and_a_newer_one_stays(engine: Engine) -> None:
    store_conversation(engine, "old", "OLDMARK", days=31)
    store_conversation(engine, "new", "NEWMARK", days=29)
    counts = run(engine)
    assert (counts["conversations"], counts["messages"], counts["offered_buttons"]) == (1, 2, 1)
    assert tables_with(engine, "OLDMARK") == {"feedback", "unanswered_questions"}
    assert {"conversations", "messages", "offered_buttons"} <= tables_with(engine, "new")
    with Session(engine) as session:
        assert session.scalars(select(TrackerErasure.conversation_id)).all() == ["old"]
        assert session.scalars(select(Feedback.conversation_id).order_by(Feedback.id)).all() == [None, "new"]


def test_texts_for_curators_are_deleted_later(engine: Engine) -> None:
    store_conversation(engine, "old", "OLDMARK", days=31)
    run(engine)
    run(engine, days=150)
    assert tables_with(engine, "OLDMARK") == set()
    with Session(engine) as session:
        assert session.scalars(select(Feedback.helpful)).all() == [True]


def test_conversation_of_an_open_handoff_stays(engine: Engine, staff_id: int) -> None:
    store_conversation(engine, "old", "OLDMARK", days=400)
    store_handoff(engine, "OLDMARK", staff_id=staff_id, conversation_id="old")
    run(engine)
    with transaction(engine) as session:
        assert session.get(Conversation, "old")
        session.execute(update(Handoff).values(state="resolved", resolved_at=AT))
    run(engine)
    with Session(engine) as session:
        assert session.get(Conversation, "old") is None
        assert session.scalars(select(Handoff.conversation_id)).all() == [None]


@pytest.mark.parametrize(
    ("resolved_days", "left"),
    [
        (None, {"handoffs", "handoff_notes"}),
        (89, {"handoffs", "handoff_notes"}),
        (364, {"handoffs", "handoff_notes"}),
        (366, set()),
    ],
)
def test_handoff_is_deleted_a_year_after_it_was_resolved(
    engine: Engine, staff_id: int, resolved_days: float | None, left: set[str]
) -> None:
    store_handoff(engine, "MARK", staff_id=staff_id, resolved_days=resolved_days)
    run(engine)
    assert tables_with(engine, "MARK") == left


@pytest.mark.parametrize(("resolved_days", "stays"), [(None, True), (89, True), (91, False)])
def test_contact_is_deleted_before_the_handoff(engine: Engine, staff_id: int, resolved_days: float | None, stays: bool) -> None:
    store_handoff(engine, "MARK", staff_id=staff_id, resolved_days=resolved_days)
    run(engine)
    with Session(engine) as session:
        handoff = session.scalars(select(Handoff)).one()
    assert (handoff.contact != NO_CONTACT, handoff.content_digest != "") == (stays, stays)


@pytest.mark.parametrize(
    ("days", "left"),
    [
        (0.5, {"sign_in_failures", "staff_sessions", "counted_calls"}),
        (2, {"staff_sessions", "counted_calls"}),
        (31, {"counted_calls"}),
        (181, set()),
    ],
)
def test_traces_of_staff_are_deleted_in_time(engine: Engine, staff_id: int, days: float, left: set[str]) -> None:
    store_traces_of_staff(engine, "MARK", staff_id=staff_id, days=days)
    run(engine)
    assert tables_with(engine, "MARK") == left


def test_second_run_finds_nothing(engine: Engine, staff_id: int) -> None:
    store_conversation(engine, "old", "OLDMARK", days=400)
    store_handoff(engine, "OLDMARK", staff_id=staff_id, resolved_days=400)
    store_traces_of_staff(engine, "OLDMARK", staff_id=staff_id, days=400)
    assert run(engine)
    assert run(engine) == Counter()


def test_many_are_deleted_in_batches(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    for number in range(8):
        store_conversation(engine, f"old{number}", "OLDMARK", days=400)
    assert run(engine)["conversations"] == 8
    assert tables_with(engine, "OLDMARK") == set()


def test_run_that_was_cut_off_is_finished_by_the_next(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    for number in range(3):
        store_conversation(engine, f"old{number}", "OLDMARK", days=400)
    done = iter(range(2))

    def once(engine: Engine, step: retention.Step) -> Counter[str]:
        next(done)
        with transaction(engine) as session:
            return step(session)

    with monkeypatch.context() as cut:
        cut.setattr(retention, "_once", once)
        with pytest.raises(StopIteration):
            run(engine)
    with Session(engine) as session:
        assert len(session.scalars(select(Conversation.id)).all()) == 1
    run(engine)
    assert tables_with(engine, "OLDMARK") == set()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_is_left_in_the_files(engine: Engine, tmp_path: Path, staff_id: int) -> None:
    for number in range(60):
        store_conversation(engine, f"old{number}", f"OLDMARK{'x' * (37 * number)}", days=400)
        store_conversation(engine, f"new{number}", f"NEWMARK{'y' * (37 * number)}", days=1)
        store_handoff(engine, "OLDMARK", staff_id=staff_id, resolved_days=400)
    assert "frontdesk.db" in files_with(tmp_path, "OLDMARK")
    run(engine)
    assert files_with(tmp_path, "OLDMARK") == []
    assert files_with(tmp_path, "NEWMARK") == ["frontdesk.db"]


def test_audit_is_kept_for_six_years_and_stays_whole(engine: Engine) -> None:
    for days in (3000, 2500, 2200, 2000, 10):
        with transaction(engine) as session:
            audit.append(session, staff_id=None, action="test.done", object_kind="test", object_id=str(days), at=days_ago(days))
    assert run(engine)["audit_entries"] == 3
    with Session(engine) as session:
        assert audit.verify(session) == []
        kept = session.scalars(select(AuditEntry.object_id).order_by(AuditEntry.id)).all()
    assert kept == ["2000", "10", "audit"]
    with transaction(engine) as session:
        session.execute(delete(AuditEntry).where(AuditEntry.object_id == "2000"))
    with Session(engine) as session:
        assert audit.verify(session)


def test_newest_entry_of_the_audit_stays(engine: Engine) -> None:
    with transaction(engine) as session:
        audit.append(session, staff_id=None, action="test.done", object_kind="test", object_id="x", at=days_ago(3000))
    assert run(engine) == Counter()


def test_deleted_contact_can_still_be_shown_and_resealed(engine: Engine, staff_id: int) -> None:
    sealer = Sealer([Fernet.generate_key().decode()])
    contact = sealer.seal({"name": "Ann", "phone": "+13125550123"})
    handoff_id = store_handoff(engine, "MARK", staff_id=staff_id, resolved_days=91, contact=contact)
    run(engine)
    with transaction(engine) as session:
        assert handoffs.contact_of(handoffs.get(session, handoff_id), sealer).phone is None
        assert handoffs.reseal_contacts(session, sealer) is None
