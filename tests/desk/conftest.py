"""A database for the desk, with one person of each role."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from desk import passwords, staff
from desk.models import Staff

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
PASSWORD = "seven quiet herons"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 as it is takes 50 ms and 64 MiB each time."""
    monkeypatch.setattr(passwords, "_HASHER", passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._of_nobody.cache_clear()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """An open session; nothing of it is kept."""
    with Session(engine) as session:
        yield session
        session.rollback()


def make_staff(session: Session, login: str, role: str = "agent", name: str = "") -> Staff:
    """Return an account that has chosen its password already."""
    account = staff.create(session, login=login, name=name or login.capitalize(), role=role, password=PASSWORD, by=None, at=AT)
    account.must_change_password = False
    session.flush()
    return account


@pytest.fixture
def dana(session: Session) -> Staff:
    return make_staff(session, "dana")


@pytest.fixture
def alex(session: Session) -> Staff:
    return make_staff(session, "alex", "admin")
