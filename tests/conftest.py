"""What all tests share: small knowledge files, and a prepared database of each kind."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from database.engine import open_database
from database.migrate import upgrade
from tests.knowledge_files import MakeKnowledge, write_knowledge
from tests.postgres import PostgresServer, start_postgres

collect_ignore = ["bot", "stories"]  # they need Rasa: pytest-bot.ini

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture
def make_knowledge(tmp_path: Path) -> MakeKnowledge:
    """Give a function that writes knowledge files with the given answers, and returns their folder."""
    return lambda *answers, **lists: write_knowledge(tmp_path / "knowledge", *answers, **lists)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A throw-away PostgreSQL server with a prepared database `template`; its tests are skipped where there are no programs for it."""
    with tempfile.TemporaryDirectory(prefix="frontdesk-postgres-") as folder:
        try:
            server = start_postgres(Path(folder))
        except (FileNotFoundError, PermissionError, LookupError, subprocess.CalledProcessError) as error:
            pytest.skip(f"no PostgreSQL server can be started here: {error}")
        try:
            _execute(server, "CREATE DATABASE template")
            _prepare(server.url_of("template"))
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared, empty SQLite database, to be copied."""
    file = tmp_path_factory.mktemp("prepared") / "frontdesk.db"
    _prepare(f"sqlite:///{file}")
    return file


def _prepare(url: str) -> None:
    engine = open_database(url)
    upgrade(engine)
    engine.dispose()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a prepared, empty database of each kind, for this test alone."""
    if request.param == "sqlite":
        file = shutil.copy(request.getfixturevalue("prepared_file"), tmp_path / "frontdesk.db")
        yield f"sqlite:///{file}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    _execute(server, "CREATE DATABASE frontdesk TEMPLATE template")
    yield server.url_of("frontdesk")
    _execute(server, "DROP DATABASE frontdesk WITH (FORCE)")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A prepared, empty database of each kind."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def _execute(server: PostgresServer, command: str) -> None:
    engine = create_engine(server.url_of("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(command))
    engine.dispose()
