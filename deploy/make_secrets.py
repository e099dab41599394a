"""`python -m deploy.make_secrets FILE` writes the secrets that FILE lacks, and leaves those that it has."""

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from desk.encryption import new_key

NEEDED: dict[str, Callable[[], str]] = {
    "FRONTDESK_RASA_SECRET": lambda: secrets.token_urlsafe(32),
    "FRONTDESK_CONTACT_KEYS": new_key,
    "FRONTDESK_BACKUP_KEY": new_key,
}


def main(file: Path) -> int:
    """Add what is missing in `file`; a variable that the environment gives is not written, since the file would win over it."""
    kept = file.read_text(encoding="utf-8") if file.exists() else ""
    given = {line.partition("=")[0].removeprefix("export ").strip() for line in kept.splitlines()} | set(os.environ)
    fresh = {name: make() for name, make in NEEDED.items() if not given & {name, f"{name}_FILE"}}
    _append(file, kept, "".join(f"{name}={value}\n" for name, value in fresh.items()))
    if fresh:
        print(f"Wrote to {file}: {', '.join(fresh)}")
    if "FRONTDESK_CONTACT_KEYS" in fresh:
        print("Keep a copy of FRONTDESK_CONTACT_KEYS apart from the database: without it no contact can be read.")
    if "FRONTDESK_BACKUP_KEY" in fresh:
        print("Keep a copy of FRONTDESK_BACKUP_KEY apart from the backups: without it none can be restored.")
    return 0


def _append(file: Path, kept: str, lines: str) -> None:
    """Write at the end, for the owner's eyes only; an empty file is made when there is nothing to write, since `make run` reads it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(0o600)
    with file.open("a", encoding="utf-8") as written:
        written.write(f"\n{lines}" if lines and kept and not kept.endswith("\n") else lines)
        written.flush()
        os.fsync(written.fileno())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
