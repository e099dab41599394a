"""What all tests share: small knowledge files, and both kinds of database."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Engine, text

from database.engine import open_database
from database.migrate import upgrade
from tests.postgres import start_postgres

PHRASINGS = [
    "how long is recovery",
    "when can i work again",
    "weeks until normal life",
    "healing time please",
    "back to my job when",
    "how soon am i fit",
    "days off needed",
    "is it a long recuperation",
    "until i feel fine how many weeks",
    "resting at home for how long",
]
SOURCE = {"title": "A page", "url": "https://example.org/page", "read_on": "2026-11-21"}

MakeKnowledge = Callable[..., Path]


def answer_file(**changes: object) -> dict[str, object]:
    """Return a valid answer as it stands in a file, with `changes`."""
    return {
        "id": "recovery/general",
        "topic": "recovery",
        "procedures": [],
        "question": "How long is recovery?",
        "phrasings": PHRASINGS,
        "text": "It may take two to three weeks. Then you see your surgeon again.",
        "script": "It may take two to three weeks.",
        "facts": ["1"],
        "sources": [SOURCE],
        "reviewed_by": None,
        "reviewed_on": None,
        "review_due_on": "2027-05-21",
    } | changes


@pytest.fixture
def make_knowledge(tmp_path: Path) -> MakeKnowledge:
    """Give a function that writes knowledge files with the given answers, and returns their folder."""

    def make(*answers: dict[str, object], **files: object) -> Path:
        folder = tmp_path / "knowledge"
        shutil.rmtree(folder, ignore_errors=True)
        lists = {
            "topics": [{"id": "recovery", "name": "Recovery", "terms": ["recovery"]}],
            "procedures": [
                {"id": "gracilis", "name": "Gracilis", "kind": "surgery", "parent": None, "terms": ["gracilis"], "not_to_confuse_with": []}
            ],
            "insurers": [],
            "sources": [{"id": "page", **SOURCE}],
            "facts": [{"id": "1", "statement": "It takes two to three weeks.", "source": "page"}],
        } | files
        for name, content in lists.items():
            write_yaml(folder / f"{name}.yml", content)
        for answer in answers or (answer_file(),):
            write_yaml(folder / "answers" / f"{answer['id']}.yml", answer)
        return folder

    return make


def write_yaml(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A throw-away PostgreSQL server; without the server's programs, its tests say so and are skipped."""
    with tempfile.TemporaryDirectory(prefix="frontdesk-postgres-") as folder:
        try:
            server = start_postgres(Path(folder))
        except (FileNotFoundError, subprocess.CalledProcessError) as error:
            pytest.skip(f"no PostgreSQL server can be started here: {error}")
        yield server.url
        server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A prepared, empty database of each kind."""
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path / 'frontdesk.db'}")
    else:
        engine = open_database(request.getfixturevalue("postgres_url"))
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    upgrade(engine)
    yield engine
    engine.dispose()
