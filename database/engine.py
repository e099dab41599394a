"""Opens the database and hands out sessions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session

from database.errors import DatabaseUnavailable

BUSY_TIMEOUT_MS = 5000
"""How long SQLite waits for another writer before it gives up."""

MALFORMED = (ArgumentError, ValueError)
"""What SQLAlchemy raises for a text that is no URL; the second for a port that is no number."""


def open_database(url: str) -> Engine:
    """Return an engine for `url`, tried out once. SQLite's folder is created when missing.

    Raises:
        DatabaseUnavailable: the URL is malformed, the file is no database, or no server answers.
    """
    try:
        engine = _create(url)
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            if engine.dialect.name == "sqlite":
                connection.execute(text("SELECT count(*) FROM sqlite_master"))
    except (*MALFORMED, ImportError, NoSuchModuleError, DBAPIError, OSError) as error:
        raise DatabaseUnavailable(_advice(url, error)) from error
    return engine


def _create(url: str) -> Engine:
    """Values of statements are hidden in errors: they are what people wrote."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """WAL lets readers read while one writes; SQLite checks foreign keys, and overwrites what is deleted, only when told to."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "secure_delete=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _advice(url: str, error: Exception) -> str:
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    shown = _without_password(url)
    return f"The database {shown} cannot be opened: {cause}. Check FRONTDESK_DATABASE_URL (docs/configuration.md)."


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except MALFORMED:
        return "named by FRONTDESK_DATABASE_URL"


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Give a session that commits at the end, or rolls everything back when an error leaves it."""
    with Session(engine) as session, session.begin():
        yield session
