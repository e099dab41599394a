"""Runs database work beside the event loop, and turns database faults into our own error."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from database.engine import open_database, transaction
from gateway.errors import StorageUnavailable

READERS = 4
WRITERS = 6
"""Together below the 15 connections of SQLAlchemy's pool. SQLite gets one writer."""

FLUSH_SECONDS = 1.0

log = structlog.get_logger("gateway.storage")


class Storage:
    """One transaction per call.

    SQLite lets one writer in at a time and makes the others sleep and try again; one writing thread queues them
    fairly instead. PostgreSQL locks rows, so there several may write.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._soon = _open_relaxed(engine) if self._is_sqlite else engine
        self._readers = ThreadPoolExecutor(READERS, "read")
        self._writers = ThreadPoolExecutor(1 if self._is_sqlite else WRITERS, "write")

    async def read[T](self, work: Callable[[Session], T]) -> T:
        """Return what `work` reads.

        Raises:
            StorageUnavailable: the database does not answer; a retry can help.
        """
        return await self._in(self._readers, partial(_run, self.engine, work))

    async def write[T](self, work: Callable[[Session], T]) -> T:
        """Commit `work` to the disk, then return its result. Raises as `read`; nothing is written then."""
        return await self._in(self._writers, partial(_run, self.engine, work))

    async def write_soon[T](self, work: Callable[[Session], T]) -> T:
        """Commit `work` for everybody to see, and let the disk have it within a second.

        For messages: waiting for the disk twice would be most of the gateway's own time. The death of this process loses
        nothing; the death of the machine may lose the last second. Raises as `read`.
        """
        return await self._in(self._writers, partial(_run, self._soon, partial(self._relax, work)))

    def _relax[T](self, work: Callable[[Session], T], session: Session) -> T:
        if not self._is_sqlite:
            session.execute(text("SET LOCAL synchronous_commit TO OFF"))
        return work(session)

    async def _in[T](self, threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    async def flush_forever(self) -> None:
        """Bring what was written soon to SQLite's disk every second, until cancelled; PostgreSQL does that by itself."""
        while self._is_sqlite:
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                await self.read(lambda session: session.execute(text("PRAGMA wal_checkpoint(PASSIVE)")).one())
            except StorageUnavailable:
                log.warning("flush_failed")

    def close(self) -> None:
        """Wait for the work in hand, then close all connections."""
        self._writers.shutdown()
        self._readers.shutdown()
        self._soon.dispose()
        self.engine.dispose()


def _run[T](engine: Engine, work: Callable[[Session], T]) -> T:
    try:
        with transaction(engine) as session:
            return work(session)
    except (DBAPIError, PoolTimeout) as error:
        raise StorageUnavailable from error


def _open_relaxed(engine: Engine) -> Engine:
    """A second engine, so that no other user of the first one inherits the relaxed setting with a pooled connection."""
    relaxed = open_database(engine.url.render_as_string(hide_password=False))
    event.listen(relaxed, "connect", _do_not_wait_for_the_disk)
    relaxed.dispose()  # the connection that was tried out does not have it yet
    return relaxed


def _do_not_wait_for_the_disk(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()
