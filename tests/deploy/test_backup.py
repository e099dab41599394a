import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from database.base import now
from database.engine import open_database, transaction
from deploy.backup import settings_without_secrets, write_backup
from deploy.copies import check_sqlite
from deploy.errors import ArchiveDamaged, BackupFailed, BackupKeyInvalid, RestoreRefused
from deploy.restore import read_backup
from deploy.sealed_file import CHUNK_BYTES, SealedReader, SealedWriter, read_key
from gateway.models import Conversation
from tests.postgres import PostgresServer

pytestmark = pytest.mark.slow  # whole databases

KEY = bytes(range(32))
OTHER_KEY = bytes(32)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "copy.backup"


@pytest.fixture
def restored_url(request: pytest.FixtureRequest, engine: Engine, tmp_path: Path) -> Iterator[str]:
    """Where nothing is yet, of the same kind as `engine`."""
    if engine.dialect.name == "sqlite":
        yield f"sqlite:///{tmp_path}/elsewhere/frontdesk.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    admin = open_database(server.url_of("postgres")).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE elsewhere"))
    yield server.url_of("elsewhere")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE elsewhere WITH (FORCE)"))
    admin.dispose()


def add(engine: Engine, conversation_id: str) -> None:
    with transaction(engine) as session:
        session.add(Conversation(id=conversation_id, token_hash="MARKED-7391", last_active_at=now()))


def conversations(url: str) -> set[str]:
    engine = open_database(url)
    with Session(engine) as session:
        found = set(session.scalars(select(Conversation.id)))
    engine.dispose()
    return found


@contextmanager
def traffic(engine: Engine) -> Iterator[list[str]]:
    """Write conversations all the time; the list holds what was acknowledged."""
    acknowledged: list[str] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            add(engine, f"c{len(acknowledged)}")
            acknowledged.append(f"c{len(acknowledged)}")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield acknowledged
    finally:
        stop.set()
        writer.join()


def test_backup_under_traffic_comes_back_whole(engine: Engine, archive: Path, restored_url: str, tmp_path: Path) -> None:
    with traffic(engine) as acknowledged:
        while len(acknowledged) < 20:
            pass
        before = set(acknowledged)
        write_backup(engine.url, KEY, archive)
        after = len(acknowledged) + 1
    read_backup(make_url(restored_url), KEY, archive, force=False, restored=tmp_path / "restored")
    found = conversations(restored_url)
    assert before <= found
    assert found == {f"c{number}" for number in range(len(found))}
    assert len(found) <= after
    assert (tmp_path / "restored" / "data" / "clinic.yml").exists()


def test_restored_database_is_not_replaced_unless_forced(engine: Engine, archive: Path, restored_url: str, tmp_path: Path) -> None:
    add(engine, "first")
    write_backup(engine.url, KEY, archive)
    read_backup(make_url(restored_url), KEY, archive, force=False, restored=tmp_path / "restored")
    elsewhere = open_database(restored_url)
    add(elsewhere, "second")
    elsewhere.dispose()
    with pytest.raises(RestoreRefused, match="FORCE=1"):
        read_backup(make_url(restored_url), KEY, archive, force=False, restored=tmp_path / "restored")
    assert conversations(restored_url) == {"first", "second"}
    read_backup(make_url(restored_url), KEY, archive, force=True, restored=tmp_path / "restored")
    assert conversations(restored_url) == {"first"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestArchive:
    def test_nothing_can_be_read_without_the_key(self, engine: Engine, archive: Path, tmp_path: Path) -> None:
        add(engine, "somebody")
        write_backup(engine.url, KEY, archive)
        written = archive.read_bytes()
        assert b"MARKED-7391" not in written
        assert b"SQLite" not in written
        assert archive.stat().st_mode & 0o077 == 0
        assert [file.name for file in archive.parent.iterdir()] == [archive.name]
        with pytest.raises(ArchiveDamaged):
            read_backup(make_url(f"sqlite:///{tmp_path}/x.db"), OTHER_KEY, archive, force=False, restored=tmp_path / "restored")

    @pytest.mark.parametrize("place", [0, 30, 500, -1])
    def test_changed_archive_is_refused(self, engine: Engine, archive: Path, tmp_path: Path, place: int) -> None:
        write_backup(engine.url, KEY, archive)
        damaged = bytearray(archive.read_bytes())
        damaged[place] ^= 1
        archive.write_bytes(damaged)
        with pytest.raises(ArchiveDamaged):
            read_backup(make_url(f"sqlite:///{tmp_path}/x.db"), KEY, archive, force=False, restored=tmp_path / "restored")
        assert not (tmp_path / "x.db").exists()

    def test_archive_that_is_cut_off_is_refused(self, engine: Engine, archive: Path, tmp_path: Path) -> None:
        write_backup(engine.url, KEY, archive)
        whole = archive.read_bytes()
        for length in (0, 10, 40, len(whole) // 2, len(whole) - 1):
            archive.write_bytes(whole[:length])
            with pytest.raises(ArchiveDamaged):
                read_backup(make_url(f"sqlite:///{tmp_path}/x.db"), KEY, archive, force=False, restored=tmp_path / "restored")

    def test_database_in_use_is_not_replaced(self, engine: Engine, archive: Path, tmp_path: Path) -> None:
        write_backup(engine.url, KEY, archive)
        with engine.connect() as connection, pytest.raises(RestoreRefused, match="in use"):
            connection.execute(text("SELECT count(*) FROM conversations"))
            read_backup(engine.url, KEY, archive, force=True, restored=tmp_path / "restored")

    def test_another_kind_of_database_is_refused(self, engine: Engine, archive: Path, tmp_path: Path) -> None:
        write_backup(engine.url, KEY, archive)
        with pytest.raises(RestoreRefused, match="backup of sqlite"):
            read_backup(make_url("postgresql+psycopg://nobody@127.0.0.1/x"), KEY, archive, force=False, restored=tmp_path / "restored")

    def test_failed_backup_leaves_the_earlier_one(self, engine: Engine, archive: Path, tmp_path: Path) -> None:
        write_backup(engine.url, KEY, archive)
        earlier = archive.read_bytes()
        with pytest.raises(BackupFailed):
            write_backup(make_url(f"sqlite:///{tmp_path}/missing.db"), KEY, archive)
        assert archive.read_bytes() == earlier
        assert [file.name for file in archive.parent.iterdir()] == [archive.name]


def test_damaged_copy_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_bytes(b"SQLite format 3\0" + bytes(5000))
    with pytest.raises(BackupFailed, match="damaged"):
        check_sqlite(tmp_path / "copy.db")


@pytest.mark.parametrize("length", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])
def test_sealed_file_gives_back_what_was_written(tmp_path: Path, length: int) -> None:
    content = (b"0123456789abcdef" * (length // 16 + 1))[:length]
    with (tmp_path / "sealed").open("wb") as file, SealedWriter(file, KEY) as sealed:
        for start in range(0, length, 100_003):
            sealed.write(content[start : start + 100_003])
    with (tmp_path / "sealed").open("rb") as file:
        assert SealedReader(file, KEY).read() == content


def test_chunks_cannot_change_places(tmp_path: Path) -> None:
    with (tmp_path / "sealed").open("wb") as file, SealedWriter(file, KEY) as sealed:
        sealed.write(bytes(3 * CHUNK_BYTES))
    written = (tmp_path / "sealed").read_bytes()
    head, step = 19 + 16, CHUNK_BYTES + 16
    swapped = written[:head] + written[head + step : head + 2 * step] + written[head : head + step] + written[head + 2 * step :]
    (tmp_path / "sealed").write_bytes(swapped)
    with (tmp_path / "sealed").open("rb") as file, pytest.raises(ArchiveDamaged):
        SealedReader(file, KEY).read()


def test_key_is_32_bytes_in_base_64() -> None:
    assert read_key("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n") == KEY
    for wrong in ("", "short", "AAEC", "ä" * 44):
        with pytest.raises(BackupKeyInvalid) as raised:
            read_key(wrong)
        assert not wrong or wrong not in str(raised.value)


def test_secrets_are_not_among_the_settings() -> None:
    environment = {
        "FRONTDESK_RASA_SECRET": "s1",
        "FRONTDESK_CONTACT_KEYS": "s2",
        "FRONTDESK_METRICS_TOKEN": "s3",
        "FRONTDESK_MAIL_PASSWORD": "s4",
        "FRONTDESK_BACKUP_KEY": "s5",
        "FRONTDESK_RASA_SECRET_FILE": "/run/secrets/rasa",
        "FRONTDESK_DATABASE_URL": "postgresql+psycopg://frontdesk:s6@db.example.org/frontdesk",
        "FRONTDESK_PORT": "9080",
        "PATH": "/bin",
    }
    assert settings_without_secrets(environment) == {
        "FRONTDESK_DATABASE_URL": "postgresql+psycopg://frontdesk:***@db.example.org/frontdesk",
        "FRONTDESK_PORT": "9080",
        "FRONTDESK_RASA_SECRET_FILE": "/run/secrets/rasa",
    }
