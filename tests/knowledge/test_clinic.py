"""The clinic's own facts, and files that are none."""

from pathlib import Path

import pytest
import yaml

from knowledge.clinic import read_clinic
from knowledge.errors import ClinicInvalid


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


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("time_zone", "Mars/Base"),
        ("hours", {"monday": ["9 to 12"]}),
        ("hours", {"monday": ["12:00-09:00"]}),
        ("hours", {"monday": ["09:00-12:00", "11:00-13:00"]}),
        ("hours", {"moonday": ["09:00-12:00"]}),
        ("holidays", ["soon"]),
        ("phones", "no such key"),
    ],
)
def test_refusal_names_the_key(tmp_path: Path, key: str, value: object) -> None:
    shipped = yaml.safe_load(Path("data/clinic.yml").read_text(encoding="utf-8"))
    (tmp_path / "clinic.yml").write_text(yaml.safe_dump(shipped | {key: value}), encoding="utf-8")
    with pytest.raises(ClinicInvalid, match=key):
        read_clinic(tmp_path / "clinic.yml")
