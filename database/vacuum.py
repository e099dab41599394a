"""Makes deleted rows unreadable in the files of the database too."""

import time

from sqlalchemy import Engine, text

ATTEMPTS = 20
PAUSE_SECONDS = 0.25
"""A checkpoint waits for readers that hold an older state; theirs last milliseconds."""


def wipe_free_space(engine: Engine) -> bool:
    """Take deleted rows out of the files; False when others used the database all the time: the next run does it.

    SQLite overwrites rows as it deletes them (`secure_delete`); what is left is its journal, which is emptied here. PostgreSQL keeps
    deleted rows until it vacuums; that is done here.
    """
    if engine.dialect.name == "sqlite":
        return any(_checkpointed(engine, attempt) for attempt in range(ATTEMPTS))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM"))
    return True


def _checkpointed(engine: Engine, attempt: int) -> bool:
    if attempt:
        time.sleep(PAUSE_SECONDS)
    with engine.connect() as connection:
        is_busy, *_ = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    return not is_busy
