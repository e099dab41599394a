"""Lets one transaction at a time do something, on both databases."""

from hashlib import blake2b

from sqlalchemy import text
from sqlalchemy.orm import Session


def hold(session: Session, name: str) -> None:
    """Wait until no other transaction holds `name`, and hold it until this one ends.

    SQLite has one writer: there the transaction becomes that writer now, so what it reads from here on stays true.
    """
    if session.get_bind().dialect.name == "sqlite":
        _become_writer(session)
    else:
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _key(name)})


def _become_writer(session: Session) -> None:
    connection = session.connection()
    if not connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]  # of sqlite3; begun by writing only
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _key(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
