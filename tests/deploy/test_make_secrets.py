"""The secrets of `make run`: made once, and never changed."""

from pathlib import Path

import pytest

from deploy.make_secrets import NEEDED, main
from desk.encryption import Sealer


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NEEDED:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


def read(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


def test_missing_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secrets.env"
    assert main(file) == 0
    assert set(read(file)) == set(NEEDED)
    Sealer.from_keys(read(file)["FRONTDESK_CONTACT_KEYS"])
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("end", ["", "\n"])
def test_file_without_the_new_key_gets_it_and_keeps_the_rest(tmp_path: Path, end: str) -> None:
    file = tmp_path / "secrets.env"
    file.write_text(f"FRONTDESK_RASA_SECRET=kept-as-it-was{end}")
    main(file)
    assert read(file)["FRONTDESK_RASA_SECRET"] == "kept-as-it-was"
    assert set(read(file)) == set(NEEDED)


def test_whole_file_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    main(file)
    before = file.read_bytes()
    main(file)
    assert file.read_bytes() == before


def test_key_that_the_environment_gives_is_not_covered_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_CONTACT_KEYS_FILE", "/run/secrets/keys")
    main(tmp_path / "secrets.env")
    assert set(read(tmp_path / "secrets.env")) == set(NEEDED) - {"FRONTDESK_CONTACT_KEYS"}


def test_file_is_there_even_when_the_environment_gives_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NEEDED:
        monkeypatch.setenv(name, "given")
    main(tmp_path / "secrets.env")
    assert read(tmp_path / "secrets.env") == {}


def test_keys_are_told_nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(tmp_path / "secrets.env")
    said = capsys.readouterr().out
    assert all(value not in said for value in read(tmp_path / "secrets.env").values())
