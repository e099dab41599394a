"""Staff, a clinic, and handoffs that wait."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from desk.encryption import Sealer
from knowledge.clinic import Clinic, read_clinic
from tests.desk.handoffs.office import KEY, MakeHandoff, Office


@pytest.fixture
def clinic() -> Clinic:
    return read_clinic(Path("data/clinic.yml"))


@pytest.fixture
def sealer() -> Sealer:
    return Sealer([KEY])


@pytest.fixture
def office(engine: Engine, clinic: Clinic, sealer: Sealer) -> Office:
    """A desk with two agents, on each kind of database."""
    office = Office(engine, clinic, sealer)
    office.do(lambda session: session.add_all([office.nurse, office.clerk]))
    return office


@pytest.fixture
def make_handoff(office: Office) -> MakeHandoff:
    """Give a function that files a handoff and returns its id."""
    return office.file
