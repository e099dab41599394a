"""The desk's commands and settings."""

import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from database.engine import transaction
from desk import audit
from desk.__main__ import main
from desk.encryption import Sealer, new_key
from desk.errors import DeskSettingsInvalid
from desk.settings import load_desk_settings
from tests.desk.handoffs.office import KEY, Office


def run(monkeypatch: pytest.MonkeyPatch, office: Office, *arguments: str) -> int:
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", office.engine.url.render_as_string(hide_password=False))
    monkeypatch.setattr(sys, "argv", ["desk", *arguments])
    return main()


@pytest.fixture
def office(prepared_file: Path, tmp_path: Path) -> Office:
    return Office.on_copy_of(prepared_file, tmp_path)


def test_audit_verify_finds_a_whole_chain(monkeypatch: pytest.MonkeyPatch, office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.file()
    assert run(monkeypatch, office, "audit-verify") == 0
    newest = office.do(audit.head)
    assert newest in capsys.readouterr().out
    office.file()
    assert run(monkeypatch, office, "audit-verify", "--head", newest) == 0


def test_audit_verify_fails_for_a_changed_entry(
    monkeypatch: pytest.MonkeyPatch, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.file()
    with transaction(office.engine) as session:
        session.execute(text("UPDATE audit_entries SET action = 'handoff.read'"))
    assert run(monkeypatch, office, "audit-verify") == 1
    assert "entry 1: it was changed" in capsys.readouterr().err


def test_audit_verify_fails_when_entries_were_cut_off(
    monkeypatch: pytest.MonkeyPatch, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.file()
    assert run(monkeypatch, office, "audit-verify", "--head", "f" * 64) == 1
    assert "cut off" in capsys.readouterr().err


def test_reseal_makes_the_old_key_needless(monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
    handoff_id, new = office.file(), new_key()
    monkeypatch.setenv("FRONTDESK_CONTACT_KEYS", f"{new},{KEY}")
    assert run(monkeypatch, office, "reseal") == 0
    assert Sealer([new]).open(office.get(handoff_id).contact)["name"] == "Ann Example"


def test_reseal_without_the_old_key_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    handoff_id = office.file()
    monkeypatch.setenv("FRONTDESK_CONTACT_KEYS", new_key())
    assert run(monkeypatch, office, "reseal") == 1
    assert "FRONTDESK_CONTACT_KEYS" in capsys.readouterr().err
    assert office.sealer.open(office.get(handoff_id).contact)["name"] == "Ann Example"


def test_settings_read_the_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FRONTDESK_CONTACT_KEYS", KEY)
    settings = load_desk_settings()
    assert settings.phone_region == "US"
    assert KEY not in repr(settings)
    assert settings.sealer().digest("x") == Sealer([KEY]).digest("x")
    (tmp_path / "keys").write_text(f"{KEY}\n")
    monkeypatch.delenv("FRONTDESK_CONTACT_KEYS")
    monkeypatch.setenv("FRONTDESK_CONTACT_KEYS_FILE", str(tmp_path / "keys"))
    assert load_desk_settings().sealer().digest("x") == Sealer([KEY]).digest("x")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FRONTDESK_CONTACT_KEYS", ""),
        ("FRONTDESK_CONTACT_KEYS", "secret"),
        ("FRONTDESK_CONTACT_KEYS_FILE", "/nowhere"),
        ("FRONTDESK_PHONE_REGION", "usa"),
    ],
)
def test_settings_that_cannot_be_used_are_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.delenv("FRONTDESK_CONTACT_KEYS", raising=False)
    if name == "FRONTDESK_PHONE_REGION":
        monkeypatch.setenv("FRONTDESK_CONTACT_KEYS", KEY)
    monkeypatch.setenv(name, value)
    with pytest.raises(DeskSettingsInvalid, match="docs/configuration.md") as caught:
        load_desk_settings()
    assert name in str(caught.value)
    assert "secret" not in str(caught.value)


def test_missing_key_is_refused_with_the_command_that_makes_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRONTDESK_CONTACT_KEYS", raising=False)
    with pytest.raises(DeskSettingsInvalid, match=r"FRONTDESK_CONTACT_KEYS is missing: .*Fernet\.generate_key"):
        load_desk_settings()
