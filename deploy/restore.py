"""`python -m deploy.restore FILE` puts a backup back: the database in its place, settings and the clinic's data beside it to compare.

Frontdesk must be stopped. A database that holds tables is replaced only with --force.
"""

import argparse
import hashlib
import json
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.engine import make_url

from deploy.backup import DATABASE, FORMAT, MANIFEST, SETTINGS, BackupSettings
from deploy.copies import copy_in
from deploy.errors import ArchiveDamaged, DeployError, RestoreRefused
from deploy.sealed_file import SealedReader

RESTORED = Path("var/restored")


def main() -> int:
    """Restore; return 1, with what to do, when that is refused. Nothing was changed then."""
    arguments = argparse.ArgumentParser(prog="make restore", description=__doc__)
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--force", action="store_true", help="replace a database that holds tables")
    given = arguments.parse_args()
    try:
        settings = BackupSettings()
        read_backup(make_url(settings.database_url), settings.key, given.file, force=given.force)
    except DeployError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The database is restored. Settings and data of that time are in {RESTORED}: compare them with yours.")
    print("Put var/secrets.env back from where you keep it, then: make migrate, and make run.")
    return 0


def read_backup(url: URL, key: bytes, file: Path, *, force: bool, restored: Path = RESTORED) -> None:
    """Check the whole backup, then put its database in place of the one at `url`, and the rest into `restored`.

    Raises:
        ArchiveDamaged: it is not whole, or belongs to another key.
        RestoreRefused: no such file, another kind of database, or something is in the way.
        BackupFailed: the database in it is damaged, or the server refuses it.
    """
    restored.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=restored.parent) as folder:
        unpacked = Path(folder)
        _unpack(file, key, unpacked)
        _check(url, unpacked)
        copy_in(url, unpacked / DATABASE, force=force)
        shutil.rmtree(restored, ignore_errors=True)
        restored.mkdir(parents=True)
        for name in (MANIFEST, SETTINGS, "data"):
            if (unpacked / name).exists():
                shutil.move(unpacked / name, restored / name)


def _unpack(file: Path, key: bytes, folder: Path) -> None:
    try:
        with file.open("rb") as opened:
            sealed = SealedReader(opened, key)
            with tarfile.open(fileobj=sealed, mode="r|gz") as archive:
                archive.extractall(folder, filter="data")
            while sealed.read(1 << 20):
                pass  # to the end: what is cut off behind the last entry is noticed there
    except FileNotFoundError as error:
        raise RestoreRefused(f"There is no backup at {file}. Give FROM=path/to/file.backup.") from error
    except (tarfile.TarError, EOFError) as error:
        raise ArchiveDamaged from error


def _check(url: URL, folder: Path) -> None:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        with (folder / DATABASE).open("rb") as opened:
            is_whole = hashlib.file_digest(opened, "sha256").hexdigest() == manifest["sha256"]
    except (OSError, ValueError, KeyError) as error:
        raise ArchiveDamaged from error
    if not is_whole:
        raise ArchiveDamaged
    if manifest["format"] != FORMAT:
        raise RestoreRefused("This backup was made by another version. Restore it with that version.")
    if manifest["kind"] != url.get_backend_name():
        raise RestoreRefused(
            f"This is a backup of {manifest['kind']}, and FRONTDESK_DATABASE_URL names {url.get_backend_name()}. Name one of the same kind."
        )


if __name__ == "__main__":
    sys.exit(main())
