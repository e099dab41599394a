"""Starts a throw-away PostgreSQL server from the installed programs."""

import os
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PostgresServer:
    """A running server. `url` is SQLAlchemy's address of its database `postgres`."""

    url: str
    programs: Path
    data: Path
    user: str | None

    def stop(self) -> None:
        _run([str(self.programs / "pg_ctl"), "-D", str(self.data), "-m", "immediate", "stop"], self.user)


def start_postgres(folder: Path) -> PostgresServer:
    """Start a server with its data in `folder`.

    Raises:
        FileNotFoundError: the programs are not installed.
        subprocess.CalledProcessError: they refuse to run here.
    """
    programs = _programs()
    user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    if user:
        folder.chmod(0o755)
        shutil.chown(folder, user)
    data, port = folder / "data", _free_port()
    _run([str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--no-sync"], user)
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off"
    _run([str(programs / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start"], user)
    return PostgresServer(f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres", programs, data, user)


def _programs() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    found = installed[0] if installed else shutil.which("initdb")
    if not found:
        raise FileNotFoundError("initdb is not installed")
    return Path(found).resolve().parent


def _run(command: list[str], user: str | None) -> None:
    subprocess.run(command, check=True, user=user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
