import os
from pathlib import Path

import pytest

from gateway.errors import SettingsInvalid
from gateway.settings import load_settings
from tests.gateway.fakes import SECRET


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:

    for name in [name for name in os.environ if name.startswith("FRONTDESK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FRONTDESK_RASA_SECRET", SECRET)
    return monkeypatch


def test_settings_have_defaults_for_one_machine() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.rasa_url) == ("127.0.0.1", 8080, "http://127.0.0.1:5005")


def test_own_address_follows_the_port_unless_it_is_set(environment: pytest.MonkeyPatch) -> None:
    assert load_settings().public_url == "http://127.0.0.1:8080"
    environment.setenv("FRONTDESK_PORT", "9080")
    assert load_settings().public_url == "http://127.0.0.1:9080"
    environment.setenv("FRONTDESK_PUBLIC_URL", "https://chat.clinic.example.org")
    assert load_settings().public_url == "https://chat.clinic.example.org"


def test_settings_hide_the_secret() -> None:
    assert SECRET not in repr(load_settings())


def test_secret_may_stand_in_a_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.delenv("FRONTDESK_RASA_SECRET")
    file = tmp_path / "secret"
    file.write_text("from-a-file-0123456789\n")
    environment.setenv("FRONTDESK_RASA_SECRET_FILE", str(file))
    assert load_settings().rasa_secret.get_secret_value() == "from-a-file-0123456789"


def test_origins_are_split_and_tidied(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("FRONTDESK_ALLOWED_ORIGINS", "https://Clinic.example.org/, http://localhost:3000")
    assert load_settings().allowed_origins == ("https://clinic.example.org", "http://localhost:3000")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RASA_SECRET", "short"),
        ("RASA_URL", "localhost:5005"),
        ("PUBLIC_URL", "https://a.example/path"),
        ("PORT", "many"),
        ("ALLOWED_ORIGINS", "*"),
        ("ALLOWED_ORIGINS", "clinic.example.org"),
        ("RASA_TIMEOUT_SECONDS", "0"),
        ("LIMIT_MESSAGES", "often"),
        ("LIMITS_STORE", "memory://"),
        ("LIMITS_STORE", "redis"),
        ("LOG_LEVEL", "loud"),
        ("METRICS_TOKEN", "short"),
    ],
)
def test_settings_refuse_and_name_the_variable(environment: pytest.MonkeyPatch, name: str, value: str) -> None:
    environment.setenv(f"FRONTDESK_{name}", value)
    with pytest.raises(SettingsInvalid, match=f"FRONTDESK_{name} cannot be used"):
        load_settings()


def test_missing_secret_says_what_to_do(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("FRONTDESK_RASA_SECRET")
    with pytest.raises(SettingsInvalid, match="FRONTDESK_RASA_SECRET is missing: shared with Rasa"):
        load_settings()


def test_unreadable_secret_file_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("FRONTDESK_RASA_SECRET")
    environment.setenv("FRONTDESK_RASA_SECRET_FILE", "/does/not/exist")
    with pytest.raises(SettingsInvalid, match="FRONTDESK_RASA_SECRET_FILE"):
        load_settings()
