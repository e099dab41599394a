"""`python -m deploy.backup` writes one encrypted file with a consistent copy of the database, the clinic's data and the settings.

Everything may go on running. Secrets are not in it. Neither are Rasa's dialogues: they live in memory (docs/adr/0004-tracker-store.md).
"""

import argparse
import hashlib
import json
import os
import re
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr, model_validator
from sqlalchemy import URL
from sqlalchemy.engine import make_url

from database.secret_files import read_secret_files
from database.settings import PREFIX, DatabaseSettings
from deploy.copies import copy_out
from deploy.errors import BackupKeyInvalid, DeployError
from deploy.sealed_file import SealedWriter, read_key

FORMAT = 1
FOLDER = Path("var/backups")
DATA = Path("data")
SECRET_WORDS = ("SECRET", "KEY", "TOKEN", "PASSWORD")
_PASSWORD_OF_URL = re.compile(r"//([^/@:]*):[^/@]*@")
DATABASE, SETTINGS, MANIFEST = "database", "settings.json", "manifest.json"


class BackupSettings(DatabaseSettings):
    """Read once from the environment (docs/configuration.md)."""

    backup_key: SecretStr | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_secret_file(cls, values: dict[str, Any]) -> dict[str, Any]:
        return read_secret_files(values, ["backup_key"], PREFIX)

    @property
    def key(self) -> bytes:
        """The key in bytes. Raises `BackupKeyInvalid` when there is none."""
        if self.backup_key is None:
            raise BackupKeyInvalid
        return read_key(self.backup_key.get_secret_value())


def main() -> int:
    """Write the backup; return 1, with what to do, when that is not possible."""
    arguments = argparse.ArgumentParser(prog="make backup", description=__doc__)
    arguments.add_argument("--to", type=Path, default=FOLDER / f"frontdesk-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.backup")
    target: Path = arguments.parse_args().to
    try:
        settings = BackupSettings()
        write_backup(make_url(settings.database_url), settings.key, target)
    except DeployError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Wrote {target} ({target.stat().st_size / 1e6:.1f} MB). It opens only with FRONTDESK_BACKUP_KEY: keep that key elsewhere.")
    return 0


def write_backup(url: URL, key: bytes, target: Path, *, data: Path = DATA) -> None:
    """Write the backup to `target`; a file that is there is replaced once the new one is whole.

    The copy of the database lies unencrypted in a private folder beside the target for as long as this takes.

    Raises:
        BackupFailed: the database cannot be copied.
    """
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
        copy = Path(folder) / DATABASE
        copy_out(url, copy)
        partial = Path(folder) / "partial"
        with partial.open("xb") as file:
            partial.chmod(0o600)
            with SealedWriter(file, key) as sealed, tarfile.open(fileobj=sealed, mode="w|gz") as archive:
                _fill(archive, url, copy, data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)


def _fill(archive: tarfile.TarFile, url: URL, copy: Path, data: Path) -> None:
    manifest = {"format": FORMAT, "kind": url.get_backend_name(), "made_at": datetime.now(UTC).isoformat(), "sha256": _sha256(copy)}
    _add_json(archive, MANIFEST, manifest)
    _add_json(archive, SETTINGS, settings_without_secrets(dict(os.environ)))
    archive.add(copy, DATABASE)
    if data.is_dir():
        archive.add(data, "data")


def settings_without_secrets(environment: dict[str, str]) -> dict[str, str]:
    """Return our variables, without those that hold a secret and without passwords in addresses."""
    ours = {name: value for name, value in sorted(environment.items()) if name.startswith("FRONTDESK_")}
    shown = {name: value for name, value in ours.items() if not any(word in name for word in SECRET_WORDS) or name.endswith("_FILE")}
    return {name: _PASSWORD_OF_URL.sub(r"//\1:***@", value) for name, value in shown.items()}


def _add_json(archive: tarfile.TarFile, name: str, content: object) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(content, indent=1, sort_keys=True).encode())
        file.seek(0)
        archive.addfile(archive.gettarinfo(arcname=name, fileobj=file), file)


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
