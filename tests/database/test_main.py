"""`python -m database`: tables are made, and what is wrong is a sentence."""

from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from database.__main__ import main
from database.engine import open_database

Output = pytest.CaptureFixture[str]


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'var' / 'frontdesk.db'}"
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", url)
    return url


def test_tables_are_made_and_made_once(url: str, capsys: Output) -> None:
    assert main() == main() == 0
    assert {"answers", "answer_versions", "releases"} <= set(inspect(open_database(url)).get_table_names())
    assert capsys.readouterr().out == "The database is up to date.\n" * 2


def test_newer_database_is_left_alone(url: str, capsys: Output) -> None:
    main()
    with open_database(url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert main() == 1
    assert "newer version (revision 9999)" in capsys.readouterr().err


def test_unreadable_database_is_a_sentence(url: str, tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "frontdesk.db").write_bytes(b"SQLite format 3\x00 and then nothing of the kind" * 100)
    assert main() == 1
    assert "cannot be opened" in capsys.readouterr().err
