"""Files that are no YAML, or no YAML of ours, are reported with their line; none ends in a traceback."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.errors import ContentInvalid, Problem
from knowledge.reading import read_content
from tests.knowledge_files import MakeKnowledge


def fault(folder: Path, text: str | bytes) -> Problem:
    (folder / "answers/recovery/general.yml").write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ContentInvalid) as caught:
        read_content(folder)
    return caught.value.problems[0]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("id: recovery/general\ntext: [unclosed\n", 3, "cannot be read"),
        ("id: a\n\tb: 1\n", 2, "cannot be read"),
        ("id: a/b\ntopic: a\nid: a/c\n", 3, "`id` is given twice"),
        ("id: a/b\n---\nid: a/c\n", 2, "another document"),
        ("id: !!python/object/apply:os.system [x]\n", 1, "could not determine a constructor"),
        ("id: a/b\n? [topic]\n: a\n", 2, "a key must be a word"),
        ("&a [*a]\n", 1, "refers to itself"),
        ("id: \x00\n", 1, "characters are not allowed"),
        ("- a list\n", 1, "valid dictionary"),
        ("", 1, "valid dictionary"),
        ("id: caf\xe9\n".encode("latin-1"), 1, "utf-8"),
    ],
)
def test_broken_yaml_is_reported_with_its_line(make_knowledge: MakeKnowledge, text: str | bytes, line: int, says: str) -> None:
    problem = fault(make_knowledge(), text)
    assert (problem.file.name, problem.line) == ("general.yml", line)
    assert says in problem.text


def test_phrasings_that_are_no_text_are_reported(make_knowledge: MakeKnowledge) -> None:
    folder = make_knowledge()
    file = folder / "answers/recovery/general.phrasings.txt"
    file.write_bytes(b"caf\xe9")
    with pytest.raises(ContentInvalid, match="cannot be read") as caught:
        read_content(folder)
    assert caught.value.problems[0].file == file


@given(st.text(alphabet="abid:/-[]{}'\"&*!?|>#\n\t ", max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_fault_and_no_traceback(make_knowledge: MakeKnowledge, text: str) -> None:
    assert fault(make_knowledge(), text).line >= 1
