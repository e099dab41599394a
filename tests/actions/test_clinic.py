"""The clinic's own facts, and files that are none."""

from pathlib import Path

import pytest

from actions.clinic import read_clinic
from actions.errors import ClinicInvalid


def test_shipped_clinic_is_an_example() -> None:
    clinic = read_clinic(Path("data/clinic.yml"))
    assert clinic.example
    assert clinic.emergency_number == "911"


@pytest.mark.parametrize(
    "content", [b"", b"name: only", b"[broken", b"- a list", b"name: ''\nphone: '1'\nemergency_number: '2'", b"name: caf\xe9"]
)
def test_broken_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "clinic.yml").write_bytes(content)
    with pytest.raises(ClinicInvalid, match="docs/configuration.md"):
        read_clinic(tmp_path / "clinic.yml")


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClinicInvalid, match="none.yml"):
        read_clinic(tmp_path / "none.yml")
