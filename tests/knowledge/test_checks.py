"""Each fault in the knowledge files is reported with its file and line."""

from pathlib import Path

import pytest

from knowledge.checks import read_checked
from knowledge.errors import ContentInvalid, Problem
from tests.conftest import PHRASINGS, MakeKnowledge, answer_file, write_yaml


def faults(folder: Path) -> list[Problem]:
    with pytest.raises(ContentInvalid) as caught:
        read_checked(folder)
    return caught.value.problems


def test_valid_files_have_no_faults(make_knowledge: MakeKnowledge) -> None:
    content = read_checked(make_knowledge())
    assert [answer.id for answer in content.answers] == ["recovery/general"]


def test_unknown_key_is_reported_at_its_line(make_knowledge: MakeKnowledge) -> None:
    [problem] = faults(make_knowledge(answer_file(colour="blue")))
    assert "unknown key `colour`" in problem.text
    assert problem.file.read_text().splitlines()[problem.line - 1].startswith("colour:")


@pytest.mark.parametrize("key", ["question", "text", "script", "facts", "sources", "reviewed_by", "review_due_on"])
def test_missing_key_is_reported(make_knowledge: MakeKnowledge, key: str) -> None:
    answer = answer_file()
    del answer[key]
    assert f"`{key}` is missing" in str(faults(make_knowledge(answer))[0])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"procedures": ["knee"]}, "unknown procedure `knee`"),
        ({"id": "recovery/other"}, None),
        ({"facts": ["99"]}, "unknown fact `99`"),
        ({"sources": []}, "missing source of fact 1"),
        ({"phrasings": PHRASINGS[:9]}, "9 phrasings; at least 10"),
        ({"text": "word " * 121}, "text has 121 words"),
        ({"script": "word " * 41}, "script has 41 words"),
        ({"text": "Postoperative rehabilitation necessitates interdisciplinary consideration."}, "reading grade"),
        ({"text": "All is well!"}, "no exclamation marks"),
        ({"reviewed_on": "2026-01-01"}, "given together"),
    ],
)
def test_fault_is_reported(make_knowledge: MakeKnowledge, changes: dict[str, object], expected: str | None) -> None:
    folder = make_knowledge(answer_file(**changes))
    if expected is None:
        assert read_checked(folder)
        return
    problem = faults(folder)[0]
    assert expected in problem.text
    assert problem.line >= 1


def test_id_that_is_not_the_place_is_reported(make_knowledge: MakeKnowledge) -> None:
    folder = make_knowledge()
    write_yaml(folder / "answers" / "recovery" / "moved.yml", answer_file(phrasings=[f"{each} again" for each in PHRASINGS]))
    assert "the file's place says `recovery/moved`" in faults(folder)[0].text


def test_unknown_topic_is_reported(make_knowledge: MakeKnowledge) -> None:
    problems = faults(make_knowledge(answer_file(id="cost/general", topic="cost")))
    assert any("unknown topic `cost`" in problem.text for problem in problems)


def test_phrasing_claimed_twice_is_reported_at_its_line(make_knowledge: MakeKnowledge) -> None:
    other = answer_file(id="recovery/gracilis", procedures=["gracilis"], phrasings=[f"{each} after gracilis" for each in PHRASINGS])
    folder = make_knowledge(answer_file(), other)
    (folder / "answers" / "recovery" / "gracilis.phrasings.txt").write_text("# comment\nHow long is RECOVERY?\n")
    [problem] = faults(folder)
    assert "as does" in problem.text
    assert (problem.file.name, problem.line) == ("gracilis.phrasings.txt", 2) or problem.file.name == "general.yml"


def test_broken_yaml_is_reported_with_its_line(make_knowledge: MakeKnowledge) -> None:
    folder = make_knowledge()
    write_yaml(folder / "answers" / "recovery" / "general.yml", "id: recovery/general\ntext: [unclosed\n")
    problem = faults(folder)[0]
    assert "cannot be read" in problem.text
    assert problem.line >= 2


def test_all_faults_are_reported_at_once(make_knowledge: MakeKnowledge) -> None:
    assert len(faults(make_knowledge(answer_file(facts=["99"], script="word " * 41, text="All is well!")))) >= 3


def test_folder_without_answers_is_a_fault(make_knowledge: MakeKnowledge, tmp_path: Path) -> None:
    folder = make_knowledge()
    (folder / "answers" / "recovery" / "general.yml").unlink()
    assert "has no answers" in str(faults(folder)[0])
