"""The audit's chain: whole under many writers, and broken by any change."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.orm import Session

from database.engine import transaction
from desk import audit
from desk.models import AuditEntry
from tests.desk.handoffs.office import NOON


def note(session: Session, number: int) -> None:
    audit.append(session, staff_id=None, action="test.done", object_kind="test", object_id=str(number), details={"number": number})


def write(engine: Engine, *numbers: int) -> None:
    for number in numbers:
        with transaction(engine) as session:
            note(session, number)


def verify(engine: Engine) -> list[int]:
    with transaction(engine) as session:
        return [broken.entry_id for broken in audit.verify(session)]


def test_entries_are_chained_in_their_order(engine: Engine) -> None:
    write(engine, 1, 2, 3)
    with transaction(engine) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [entry.object_id for entry in entries] == ["1", "2", "3"]
        assert [entry.previous_hash for entry in entries] == [audit.START, entries[0].hash, entries[1].hash]
        assert audit.head(session) == entries[2].hash
    assert verify(engine) == []


def test_several_entries_of_one_transaction_are_chained(engine: Engine) -> None:
    with transaction(engine) as session:
        note(session, 1)
        note(session, 2)
    assert verify(engine) == []


def test_empty_chain_is_whole(engine: Engine) -> None:
    assert verify(engine) == []
    with transaction(engine) as session:
        assert audit.head(session) == audit.START


def test_entry_is_not_written_when_its_transaction_fails(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), transaction(engine) as session:
        note(session, 1)
        raise ZeroDivisionError
    write(engine, 2)
    with transaction(engine) as session:
        assert list(session.scalars(select(AuditEntry.object_id))) == ["2"]


def test_entry_of_a_savepoint_goes_with_it(engine: Engine) -> None:
    with transaction(engine) as session:
        note(session, 1)
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            note(session, 2)
            raise ZeroDivisionError
        with session.begin_nested():
            note(session, 3)
    with transaction(engine) as session:
        assert list(session.scalars(select(AuditEntry.object_id).order_by(AuditEntry.id))) == ["1", "3"]


def test_session_that_failed_can_be_used_again(engine: Engine) -> None:
    with Session(engine) as session:
        note(session, 1)
        session.rollback()
        note(session, 2)
        session.commit()
    assert verify(engine) == []


TAMPERING: dict[str, Callable[[], object]] = {
    "a changed action": lambda: update(AuditEntry).where(AuditEntry.object_id == "2").values(action="test.undone"),
    "a changed person": lambda: update(AuditEntry).where(AuditEntry.object_id == "2").values(object_kind="other"),
    "changed details": lambda: update(AuditEntry).where(AuditEntry.object_id == "2").values(details={"number": 7}),
    "a changed time": lambda: update(AuditEntry).where(AuditEntry.object_id == "2").values(at=NOON),
    "an entry taken out": lambda: delete(AuditEntry).where(AuditEntry.object_id == "2"),
    "the first one taken out": lambda: delete(AuditEntry).where(AuditEntry.object_id == "1"),
    "an entry put in": lambda: insert(AuditEntry).values(
        at=NOON, action="a", object_kind="b", object_id="c", details={}, previous_hash="1" * 64, hash="2" * 64
    ),
}


@pytest.mark.parametrize("change", TAMPERING)
def test_tampering_is_found(engine: Engine, change: str) -> None:
    write(engine, 1, 2, 3)
    with engine.begin() as connection:
        connection.execute(TAMPERING[change]())
    assert verify(engine)


def test_entries_cut_off_at_the_end_are_found_by_a_noted_hash(engine: Engine) -> None:
    write(engine, 1, 2)
    with transaction(engine) as session:
        noted = audit.head(session)
        assert audit.has_hash(session, noted)
        session.execute(delete(AuditEntry).where(AuditEntry.object_id == "2"))
        assert not audit.has_hash(session, noted)


def test_chain_stays_whole_under_concurrent_writers(engine: Engine) -> None:
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda writer: write(engine, *range(writer * 20, writer * 20 + 20)), range(6)))
    with transaction(engine) as session:
        assert len(session.scalars(select(AuditEntry)).all()) == 120
    assert verify(engine) == []
