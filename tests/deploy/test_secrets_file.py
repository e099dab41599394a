from pathlib import Path

from cryptography.fernet import Fernet

from deploy.sealed_file import read_key
from deploy.secrets_file import SECRETS, complete


def read(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


def test_file_is_made_with_every_secret_and_is_private(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secrets.env"
    assert complete(file) == list(SECRETS)
    written = read(file)
    assert set(written) == set(SECRETS)
    assert len(written["FRONTDESK_RASA_SECRET"]) >= 16
    assert len(read_key(written["FRONTDESK_BACKUP_KEY"])) == 32
    Fernet(written["FRONTDESK_CONTACT_KEYS"])
    assert file.stat().st_mode & 0o077 == 0


def test_secrets_that_are_there_stay(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    file.write_text("FRONTDESK_RASA_SECRET=mine\nOTHER=x")
    assert "FRONTDESK_RASA_SECRET" not in complete(file)
    assert read(file)["FRONTDESK_RASA_SECRET"] == "mine"
    assert read(file)["OTHER"] == "x"
    again = file.read_text()
    assert complete(file) == []
    assert file.read_text() == again
