"""Copies a database that is in use into a file, and brings such a file back.

SQLite is copied with its online backup, PostgreSQL with its own programs.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from deploy.errors import BackupFailed, RestoreRefused

SQLITE, POSTGRES = "sqlite", "postgresql"
PROGRAMS = Path("/usr/lib/postgresql")


def copy_out(url: URL, file: Path) -> None:
    """Write a consistent copy of the database to `file`, whoever writes to it meanwhile.

    Raises:
        BackupFailed: it cannot be read, or the copy is not whole.
    """
    if url.get_backend_name() == SQLITE:
        _copy_sqlite(sqlite_file(url), file)
    else:
        _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={file}", f"--dbname={_address(url)}"], url)


def copy_in(url: URL, file: Path, *, force: bool) -> None:
    """Put a copy back in the place of the database.

    Raises:
        BackupFailed: the copy is damaged, or the server refuses it; nothing was changed then.
        RestoreRefused: there is a database with tables already, or it is in use.
    """
    if url.get_backend_name() == SQLITE:
        _restore_sqlite(sqlite_file(url), file, force=force)
    else:
        _restore_postgres(url, file, force=force)


def sqlite_file(url: URL) -> Path:
    """Return the file of an SQLite database.

    Raises:
        BackupFailed: it is kept in memory.
    """
    if not url.database or url.database == ":memory:":
        raise BackupFailed("A database in memory cannot be copied. Set FRONTDESK_DATABASE_URL (docs/configuration.md).")
    return Path(url.database)


def _copy_sqlite(source: Path, file: Path) -> None:
    """In one step: in several, each write of somebody else would start the copy anew."""
    if not source.exists():
        raise BackupFailed(f"There is no database at {source}. Check FRONTDESK_DATABASE_URL (docs/configuration.md).")
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as used, closing(sqlite3.connect(file)) as copy:
            used.backup(copy)
    except sqlite3.Error as error:
        raise BackupFailed(f"{source} cannot be copied: {error}.") from error
    check_sqlite(file)


def check_sqlite(file: Path) -> None:
    """Check a copy through and through.

    Raises:
        BackupFailed: it is damaged.
    """
    try:
        with closing(sqlite3.connect(file)) as copy:
            found = [row[0] for row in copy.execute("PRAGMA integrity_check")] + [
                row[0] for row in copy.execute("PRAGMA foreign_key_check")
            ]
    except sqlite3.Error as error:
        raise BackupFailed(f"The copy is damaged: {error}.") from error
    if found != ["ok"]:
        raise BackupFailed(f"The copy is damaged: {found[0]}.")


def _restore_sqlite(target: Path, file: Path, *, force: bool) -> None:
    check_sqlite(file)
    if target.exists():
        _refuse_used_sqlite(target, force=force)
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in (target.with_name(f"{target.name}-wal"), target.with_name(f"{target.name}-shm")):
        left.unlink(missing_ok=True)
    shutil.move(file, target)


def _refuse_used_sqlite(target: Path, *, force: bool) -> None:
    try:
        with closing(sqlite3.connect(target, timeout=1)) as present:
            has_tables = present.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0
            if has_tables and not force:
                raise RestoreRefused(f"{target} holds data already. Move it away, or give FORCE=1 to replace it.")
            present.execute("PRAGMA journal_mode=DELETE")  # possible only while nobody else has the file open
    except sqlite3.OperationalError as error:
        raise RestoreRefused(f"{target} is in use. Stop Frontdesk first.") from error
    except sqlite3.DatabaseError as error:
        if not force:
            raise RestoreRefused(f"{target} is no database. Move it away, or give FORCE=1 to replace it.") from error


def _restore_postgres(url: URL, file: Path, *, force: bool) -> None:
    listed = _run(
        "psql", ["--no-psqlrc", "-At", f"--dbname={_address(url)}", "-c", "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"], url
    )
    if listed.strip() != "0" and not force:
        raise RestoreRefused("The database holds tables already. Name an empty one, or give FORCE=1 to replace them.")
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", f"--dbname={_address(url)}", str(file)]
    _run("pg_restore", ["--clean", "--if-exists", *options] if force else options, url)


def _address(url: URL) -> str:
    """The address without its password, which others on this machine could read in the list of processes."""
    return url.set(drivername=POSTGRES, password=None).render_as_string(hide_password=False)


def _run(program: str, arguments: Sequence[str], url: URL) -> str:
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    try:
        done = subprocess.run([_program(program), *arguments], env=environment, capture_output=True, text=True, check=False)
    except OSError as error:
        raise BackupFailed(f"{program} cannot be started: {error.strerror}. Install PostgreSQL's client programs.") from error
    if done.returncode:
        raise BackupFailed(f"{program} failed: {(done.stderr.strip().splitlines() or ['no reason given'])[0]}")
    return done.stdout


def _program(name: str) -> str:
    """The newest of the installed ones: an older one refuses a newer server."""
    installed = sorted(PROGRAMS.glob(f"*/bin/{name}"), key=lambda file: float(file.parts[-3]))
    return str(installed[-1]) if installed else name
