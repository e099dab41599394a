"""Opening databases, good and bad."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, StatementError

from database.engine import BUSY_TIMEOUT_MS, open_database, transaction
from database.errors import DatabaseUnavailable, SchemaOutdated
from database.migrate import check, upgrade
from knowledge.models import Answer, Release, Topic


def test_sqlite_uses_wal_and_foreign_keys(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'new' / 'frontdesk.db'}")
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_foreign_keys_hold(engine: Engine) -> None:
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.add(Answer(id="a/b", topic_id="missing"))


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "frontdesk.db"
    file.write_text("this is no database, it is a text that somebody put here" * 50)
    with pytest.raises(DatabaseUnavailable, match="FRONTDESK_DATABASE_URL"):
        open_database(f"sqlite:///{file}")
    assert file.read_text().startswith("this is no database")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "nonsense:secret",
        "oracle9://x",
        "mysql://nobody:secret@127.0.0.1/none",  # its driver is not installed
        "postgresql+psycopg://nobody:secret@127.0.0.1:port/none",
        "postgresql+psycopg://nobody:secret@127.0.0.1:1/none",
    ],
)
def test_wrong_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseUnavailable) as caught:
        open_database(url)
    assert "secret" not in str(caught.value)


def test_file_as_the_folder_of_the_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseUnavailable, match="Not a directory|File exists"):
        open_database(f"sqlite:///{tmp_path / 'file' / 'frontdesk.db'}")


def test_sqlite_waits_for_another_writer(tmp_path: Path) -> None:
    with open_database(f"sqlite:///{tmp_path / 'frontdesk.db'}").connect() as connection:
        assert connection.scalar(text("PRAGMA busy_timeout")) == BUSY_TIMEOUT_MS


def test_folder_as_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable):
        open_database(f"sqlite:///{tmp_path}")


def test_upgrade_twice_changes_nothing(engine: Engine) -> None:
    upgrade(engine)
    check(engine)


def test_unprepared_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaOutdated, match="make migrate"):
        check(open_database(f"sqlite:///{tmp_path / 'empty.db'}"))


def test_database_of_a_newer_program_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaOutdated, match="newer version"):
        upgrade(engine)


def test_moments_come_back_in_utc(engine: Engine) -> None:
    moment = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    with transaction(engine) as session:
        session.add(Release(id=1, fingerprint="x", published_at=moment))
    with transaction(engine) as session:
        assert session.get_one(Release, 1).published_at == moment


def test_moment_without_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="without a time zone"), transaction(engine) as session:
        session.add(Release(id=1, fingerprint="x", published_at=datetime(2026, 11, 21)))


def test_error_rolls_everything_back(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), transaction(engine) as session:
        session.add(Topic(id="t", name="T", terms=[]))
        session.flush()
        raise ZeroDivisionError
    with transaction(engine) as session:
        assert session.get(Topic, "t") is None


def test_errors_of_statements_quote_no_values(engine: Engine) -> None:
    with pytest.raises(IntegrityError) as caught, transaction(engine) as session:
        session.add(Answer(id="CANARY-7391", topic_id="CANARY-7392"))
    assert "7391" not in str(caught.value).split("DETAIL:")[0]
    assert "hidden" in str(caught.value)


def test_sqlite_overwrites_what_is_deleted(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/frontdesk.db")
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA secure_delete")) == 1
