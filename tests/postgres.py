"""Starts a throw-away PostgreSQL server from the installed programs."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PostgresServer:
    """A running server, reached through a socket in `folder`."""

    folder: Path
    programs: Path
    data: Path
    user: str | None

    def url_of(self, database: str) -> str:
        """Return SQLAlchemy's address of `database`."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def stop(self) -> None:
        _run([str(self.programs / "pg_ctl"), "-D", str(self.data), "-m", "immediate", "stop"], self.user)


def start_postgres(folder: Path) -> PostgresServer:
    """Start a server with its data in `folder`.

    Raises:
        FileNotFoundError: the programs are not installed.
        LookupError: there is no user `postgres` to run it as, which root must.
        subprocess.CalledProcessError: they refuse to run here.
    """
    programs = _programs()
    user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    if user:
        folder.chmod(0o755)
        shutil.chown(folder, user)
    data = folder / "data"
    _run([str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--no-sync", "--locale=C", "--encoding=UTF8"], user)
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    _run([str(programs / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start"], user)
    return PostgresServer(folder, programs, data, user)


def _programs() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: float(file.parts[-3]))
    found = installed[-1] if installed else shutil.which("initdb")
    if not found:
        raise FileNotFoundError("initdb is not installed")
    return Path(found).resolve().parent


def _run(command: list[str], user: str | None) -> None:
    subprocess.run(command, check=True, user=user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
