"""`python -m knowledge`: what it prints, and its exit status."""

from pathlib import Path

import pytest

from knowledge.__main__ import main
from tests.knowledge_files import MakeKnowledge, answer_file

Output = pytest.CaptureFixture[str]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, make_knowledge: MakeKnowledge, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", f"sqlite:///{tmp_path / 'var' / 'frontdesk.db'}")
    make_knowledge()
    return monkeypatch


def run(command: pytest.MonkeyPatch, name: str, folder: Path) -> int:
    command.setattr("sys.argv", ["knowledge", name, "--folder", str(folder)])
    return main()


def test_check_counts_what_is_there(command: pytest.MonkeyPatch, tmp_path: Path, capsys: Output) -> None:
    assert run(command, "check", tmp_path / "knowledge") == 0
    assert "1 answers with 10 phrasings: no faults." in capsys.readouterr().out


def test_check_prints_each_fault(command: pytest.MonkeyPatch, make_knowledge: MakeKnowledge, tmp_path: Path, capsys: Output) -> None:
    make_knowledge(answer_file(facts=["99"], text="All is well!"))
    assert run(command, "check", tmp_path / "knowledge") == 1
    printed = capsys.readouterr().err
    assert "unknown fact `99`" in printed
    assert "Nothing was changed." in printed


def test_import_prepares_the_database_and_publishes(command: pytest.MonkeyPatch, tmp_path: Path, capsys: Output) -> None:
    assert run(command, "import", tmp_path / "knowledge") == 0
    assert run(command, "import", tmp_path / "knowledge") == 0
    assert "Release 1: 1 added, 0 changed, 0 retired." in (printed := capsys.readouterr().out)
    assert "Release 1: 0 added, 0 changed, 0 retired." in printed


def test_bad_file_leaves_no_database_behind(command: pytest.MonkeyPatch, make_knowledge: MakeKnowledge, tmp_path: Path) -> None:
    make_knowledge(answer_file(facts=["99"]))
    assert run(command, "import", tmp_path / "knowledge") == 1
    assert not (tmp_path / "var").exists()


def test_unreadable_database_is_a_sentence(command: pytest.MonkeyPatch, tmp_path: Path, capsys: Output) -> None:
    command.setenv("FRONTDESK_DATABASE_URL", f"sqlite:///{tmp_path}")
    assert run(command, "import", tmp_path / "knowledge") == 1
    assert "Check FRONTDESK_DATABASE_URL" in capsys.readouterr().err


def test_coverage_shows_facts_and_the_matrix(command: pytest.MonkeyPatch, tmp_path: Path, capsys: Output) -> None:
    assert run(command, "coverage", tmp_path / "knowledge") == 0
    printed = capsys.readouterr().out
    assert "1  recovery/general" in printed
    assert "1 of 1 facts are carried." in printed
