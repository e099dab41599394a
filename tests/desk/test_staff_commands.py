import re
import sys

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from database.engine import transaction
from desk import __main__ as command_line
from desk import passwords, staff

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _database(monkeypatch: pytest.MonkeyPatch, database_url: str, engine: Engine) -> None:
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", database_url)


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["desk", "staff", *words])
    return command_line.main()


def signs_in(session: Session, login: str, password: str) -> bool:
    account = staff.find(session, login)
    return account.is_active and passwords.matches(account.password_hash, password)


def test_first_administrator_is_shown_once(monkeypatch: pytest.MonkeyPatch, capsys: Output, engine: Engine) -> None:
    assert run(monkeypatch, "first") == 0
    printed = re.search(r"login +(\S+)\s+password +(\S+)", capsys.readouterr().out)
    assert printed
    with transaction(engine) as session:
        assert signs_in(session, *printed.groups())
    assert run(monkeypatch, "first") == 0
    assert capsys.readouterr().out == ""


def test_add_disable_enable_and_reset(monkeypatch: pytest.MonkeyPatch, capsys: Output, engine: Engine) -> None:
    run(monkeypatch, "first")
    capsys.readouterr()
    assert run(monkeypatch, "add", "dana", "Dana", "--role", "curator") == 0
    first = re.search(r"password (\S+),", capsys.readouterr().out)
    assert first
    run(monkeypatch, "reset-password", "dana")
    second = re.search(r"password (\S+) now", capsys.readouterr().out)
    assert second
    with transaction(engine) as session:
        assert not signs_in(session, "dana", first.group(1))
        assert signs_in(session, "dana", second.group(1))
    run(monkeypatch, "disable", "dana")
    with transaction(engine) as session:
        assert not signs_in(session, "dana", second.group(1))
    run(monkeypatch, "enable", "dana")
    with transaction(engine) as session:
        assert signs_in(session, "dana", second.group(1))


@pytest.mark.parametrize("words", [("disable", "nobody"), ("add", "x", "X"), ("reset-password", "nobody")])
def test_what_cannot_be_done_is_said(monkeypatch: pytest.MonkeyPatch, capsys: Output, words: tuple[str, ...]) -> None:
    assert run(monkeypatch, *words) == 1
    assert capsys.readouterr().err.strip().endswith(".")
