"""A gateway over a real SQLite file and a fake Rasa."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from database.engine import open_database
from database.migrate import upgrade
from desk import passwords
from desk.encryption import new_key
from gateway.app import create_app
from gateway.parts import Parts
from gateway.settings import Settings
from knowledge import content
from knowledge.importing import import_content
from language.red_flags import Screen
from tests.gateway.desk_person import Person, person
from tests.gateway.fakes import SECRET, FakeRasa
from tests.gateway.filing import filed
from tests.gateway.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database with a small release: SQLite, or the server that FRONTDESK_TEST_DATABASE_URL names."""
    file = tmp_path_factory.mktemp("gateway") / "prepared.db"
    url = os.environ.get("FRONTDESK_TEST_DATABASE_URL") or f"sqlite:///{file}"
    engine = open_database(url)
    upgrade(engine)
    import_content(engine, small_content())
    engine.dispose()
    return url


@pytest.fixture(scope="session", autouse=True)
def contact_keys() -> Iterator[None]:
    """A key that seals contact details, for every app of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRONTDESK_CONTACT_KEYS", new_key())
        yield


@pytest.fixture(scope="session", autouse=True)
def screen_read_once() -> Iterator[None]:
    """Reading the screen takes a third of a second, and nearly every test makes an app of its own."""
    read, known = Screen.from_files, {}

    def read_once(*args: Any, **more: Any) -> Screen:
        key = repr((args, more))
        if key not in known:
            known[key] = read(*args, **more)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Screen, "from_files", read_once)
        yield


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 as it is takes 50 ms and 64 MiB each time."""
    monkeypatch.setattr(passwords, "_HASHER", passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._of_nobody.cache_clear()


@pytest.fixture(scope="module")
def settings(database_url: str) -> Settings:
    return Settings(
        database_url=database_url,
        rasa_secret=SECRET,  # type: ignore[arg-type]  # pydantic makes the SecretStr
        clinic_file=ROOT / "data/clinic.yml",
        allowed_origins=("https://clinic.example.org",),
    )


@pytest.fixture(scope="module")
def module_rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture(autouse=True)
def rasa(module_rasa: FakeRasa) -> FakeRasa:
    """The module's Rasa, as new."""
    module_rasa.reset()
    return module_rasa


@pytest.fixture(scope="module")
def app(settings: Settings, module_rasa: FakeRasa) -> FastAPI:
    """One app for all tests of a module, for speed; each test has conversations of its own."""
    return create_app(settings, module_rasa.transport)


@pytest.fixture
def parts(app: FastAPI) -> Parts:
    parts: Parts = app.state.parts
    parts.rasa.breaker.succeeded()
    return parts


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def visitor(client: TestClient, parts: Parts) -> Visitor:
    return Visitor(client)


@pytest.fixture
def stranger(client: TestClient) -> Visitor:
    return Visitor(client)


@pytest.fixture
def dana(parts: Parts, client: TestClient) -> Person:
    return person(parts, client, "dana", "agent")


@pytest.fixture
def sam(parts: Parts, client: TestClient) -> Person:
    return person(parts, client, "sam", "agent")


@pytest.fixture
def kim(parts: Parts, client: TestClient) -> Person:
    return person(parts, client, "kim", "curator")


@pytest.fixture
def alex(parts: Parts, client: TestClient) -> Person:
    return person(parts, client, "alex", "admin")


@pytest.fixture
def handoff_id(parts: Parts, visitor: Visitor) -> str:
    """A handoff that a visitor filed after a question."""
    visitor.say("How long does recovery take?")
    return filed(parts, visitor)


def small_content() -> content.Content:
    """Return three answers on two topics."""
    return content.Content(
        topics=(
            content.Topic(id="recovery", name="Recovery", terms=("healing",)),
            content.Topic(id="risks", name="Risks and scars", terms=("scar",)),
        ),
        procedures=(
            content.Procedure(
                id="gracilis", name="Gracilis muscle transfer", kind="surgery", parent=None, terms=("gracilis",), not_to_confuse_with=()
            ),
        ),
        sources=(),
        facts=(),
        answers=(
            _answer(
                "recovery/general", "How long does recovery take?", "It takes weeks.\n\n- Rest.\n- [Read more](https://example.org/a)."
            ),
            _answer("recovery/gracilis", "When can I work after a gracilis transfer?", "After some weeks.", "gracilis"),
            _answer("risks/scars", "Will there be </script><b>scars</b> & marks?", "A thin line <script>alert(1)</script>."),
        ),
    )


def _answer(answer_id: str, question: str, text: str, *procedures: str) -> content.Answer:
    source = content.Source(title="A page", url="https://example.org/page", read_on=date(2026, 11, 20))
    written = content.AnswerFile(
        id=answer_id,
        topic=answer_id.split("/", maxsplit=1)[0],
        procedures=procedures,
        question=question,
        text=text,
        script="Short.",
        facts=(),
        sources=(source,),
        reviewed_by=None,
        reviewed_on=None,
        review_due_on=date(2027, 5, 20),
    )
    return content.Answer(file=Path("x.yml"), written=written, phrasings=(question,))
