"""`python -m deploy.secrets_file FILE` puts the secrets that are missing into FILE; those that are there stay as they are."""

import base64
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path


def _key() -> str:
    """32 bytes, as Fernet and the backup take them."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


SECRETS: dict[str, Callable[[], str]] = {
    "FRONTDESK_RASA_SECRET": lambda: secrets.token_urlsafe(32),
    "FRONTDESK_CONTACT_KEYS": _key,
    "FRONTDESK_BACKUP_KEY": _key,
}


def main() -> int:
    """Write the file, readable by its owner only, and say what was added."""
    file = Path(sys.argv[1])
    added = complete(file)
    if added:
        print(f"Wrote to {file}: {', '.join(added)}. Keep a copy elsewhere: contacts and backups open only with it.")
    return 0


def complete(file: Path) -> list[str]:
    """Add what is missing; return the names. The file is replaced as a whole, so that it is never half written."""
    known = file.read_text(encoding="utf-8") if file.exists() else ""
    missing = [name for name in SECRETS if f"\n{name}=" not in f"\n{known}"]
    if missing:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_name(f"{file.name}.new")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as written:
            written.write(known + ("\n" if known and not known.endswith("\n") else ""))
            written.writelines(f"{name}={SECRETS[name]()}\n" for name in missing)
        partial.replace(file)
    return missing


if __name__ == "__main__":
    sys.exit(main())
