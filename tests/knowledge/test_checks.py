"""Each fault in the knowledge files is reported with its file and line."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from knowledge.checks import read_checked
from knowledge.errors import ContentInvalid, Problem
from tests.knowledge_files import GRACILIS, LISTS, PHRASINGS, SOURCE, MakeKnowledge, answer_file, write_yaml

GENERAL = "answers/recovery/general.yml"


def faults(folder: Path) -> list[Problem]:
    with pytest.raises(ContentInvalid) as caught:
        read_checked(folder)
    return caught.value.problems


@dataclass(frozen=True)
class Fault:
    """An answer with something wrong: how it is changed, the key at whose line it is reported, and what is said."""

    name: str
    at: str
    says: str
    changes: dict[str, object] = field(default_factory=dict)


FAULTS = [
    Fault("unknown key", "colour", "unknown key `colour`", {"colour": "blue"}),
    Fault("unknown procedure", "procedures", "unknown procedure `knee`", {"procedures": ["knee"]}),
    Fault("unknown fact", "facts", "unknown fact `99`", {"facts": ["1", "99"]}),
    Fault("missing source of a fact", "sources", "missing source of fact 1", {"sources": [SOURCE | {"title": "Another page"}]}),
    Fault("no source at all", "sources", "missing source of fact 1", {"sources": []}),
    Fault("too few phrasings", "question", "9 phrasings; at least 10 are needed", {"phrasings": PHRASINGS[:9]}),
    Fault("long text", "text", "text has 121 words; at most 120", {"text": "Word. " * 121}),
    Fault("long script", "script", "script has 41 words; at most 40", {"script": "word " * 41}),
    Fault("hard text", "text", "reading grade", {"text": "Postoperative rehabilitation necessitates interdisciplinary consideration."}),
    Fault("exclamation mark", "text", "no exclamation marks", {"text": "All is well!"}),
    Fault("markup", "text", "only plain paragraphs", {"text": "All is <b>well</b>."}),
    Fault("empty text", "text", "at least 1 character", {"text": "  "}),
    Fault("reviewed by nobody", "", "given together", {"reviewed_on": "2026-11-21"}),
    Fault("day that does not exist", "review_due_on", "valid date", {"review_due_on": "2027-02-30"}),
    Fault("number for a fact", "facts", "valid string", {"facts": [1]}),
    Fault("source at two places", "sources", "either url or document", {"sources": [SOURCE | {"document": "A leaflet"}]}),
    Fault("source at no address", "sources", "should match pattern", {"sources": [SOURCE | {"url": "example.org"}]}),
]


def line_of(file: Path, key: str) -> int:
    """Return the line where `key` begins, and that of its first entry: both are fine; 1 for the file as a whole."""
    lines = file.read_text().splitlines()
    return next((number for number, line in enumerate(lines, start=1) if key and line.startswith(f"{key}:")), 1)


def test_valid_files_have_no_faults(make_knowledge: MakeKnowledge) -> None:
    content = read_checked(make_knowledge())
    assert [answer.id for answer in content.answers] == ["recovery/general"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_is_reported_at_its_line(make_knowledge: MakeKnowledge, fault: Fault) -> None:
    [problem, *others] = faults(make_knowledge(answer_file(**fault.changes)))
    assert not others
    assert fault.says in problem.text
    assert problem.file.as_posix().endswith(GENERAL)
    assert 0 <= problem.line - line_of(problem.file, fault.at) <= 3
    assert str(problem).startswith(f"{problem.file}:{problem.line}: ")


@pytest.mark.parametrize("key", ["question", "text", "script", "facts", "sources", "reviewed_by", "review_due_on"])
def test_missing_key_is_reported(make_knowledge: MakeKnowledge, key: str) -> None:
    answer = answer_file()
    del answer[key]
    [problem] = faults(make_knowledge(answer))
    assert problem.text == f"`{key}` is missing"


def test_unknown_topic_is_reported_at_its_line(make_knowledge: MakeKnowledge) -> None:
    [problem] = faults(make_knowledge(answer_file(id="cost/general", topic="cost")))
    assert (problem.file.name, problem.line, problem.text) == ("general.yml", 2, "unknown topic `cost`")


def test_topic_that_is_not_the_folder_is_reported(make_knowledge: MakeKnowledge) -> None:
    topics = [{"id": name, "name": name, "terms": [name]} for name in ("recovery", "cost")]
    [problem] = faults(make_knowledge(answer_file(topic="cost"), topics=topics))
    assert (problem.line, problem.text) == (2, "topic is `cost`, but the folder is `recovery`")


def test_id_that_is_not_the_place_is_reported(make_knowledge: MakeKnowledge) -> None:
    folder = make_knowledge()
    write_yaml(folder / "answers/recovery/moved.yml", answer_file(phrasings=[f"{each} again" for each in PHRASINGS]))
    [problem] = faults(folder)
    assert (problem.file.name, problem.line) == ("moved.yml", 1)
    assert "the file's place says `recovery/moved`" in problem.text


def test_phrasing_claimed_twice_is_reported_at_its_line(make_knowledge: MakeKnowledge) -> None:
    folder = make_knowledge(answer_file(), GRACILIS)
    (folder / "answers/recovery/gracilis.phrasings.txt").write_text("# a comment\nHow long is RECOVERY?\n")
    [problem] = faults(folder)
    assert (problem.file.name, problem.line) == ("gracilis.phrasings.txt", 2)
    assert problem.text == "`recovery/gracilis` claims the phrasing `how long is recovery`, as does `recovery/general`"


def test_phrasing_given_twice_by_one_answer_is_reported(make_knowledge: MakeKnowledge) -> None:
    [problem] = faults(make_knowledge(answer_file(phrasings=[*PHRASINGS, PHRASINGS[0].upper()])))
    assert "as does `recovery/general`" in problem.text


def test_phrasings_in_a_file_of_their_own_count(make_knowledge: MakeKnowledge) -> None:
    folder = make_knowledge(answer_file(phrasings=PHRASINGS[:5]))
    (folder / "answers/recovery/general.phrasings.txt").write_text("\n".join(["# a comment", "", *PHRASINGS[5:]]))
    assert read_checked(folder).answers[0].phrasings == tuple(PHRASINGS)


@pytest.mark.parametrize(
    ("lists", "file", "says"),
    [
        ({"facts": [{"id": "1", "statement": "So.", "source": "none"}]}, "facts.yml", "fact 1 has an unknown source `none`"),
        ({"procedures": [LISTS["procedures"][0] | {"parent": "none"}]}, "procedures.yml", "`gracilis` has an unknown parent `none`"),  # type: ignore[index]
        ({"topics": [{"id": "recovery", "name": "Recovery", "terms": []}]}, "topics.yml", "at least 1 item"),
        ({"insurers": [{"id": "aetna", "name": "Aetna", "terms": "aetna"}]}, "insurers.yml", "valid tuple"),
        ({"insurers": [{"id": "aetna", "name": "Aetna", "terms": ["aetna"], "plan": 1}]}, "insurers.yml", "unknown key `0.plan`"),
        ({"sources": ""}, "sources.yml", "valid tuple"),
    ],
)
def test_fault_of_a_list_is_reported_in_its_file(make_knowledge: MakeKnowledge, lists: dict[str, object], file: str, says: str) -> None:
    problem = faults(make_knowledge(**lists))[0]
    assert problem.file.name == file
    assert problem.file.exists()
    assert says in problem.text


def test_entry_listed_twice_is_reported_at_its_line(make_knowledge: MakeKnowledge) -> None:
    topics = "- {id: recovery, name: Recovery, terms: [a]}\n- {id: recovery, name: Again, terms: [b]}\n"
    [problem] = faults(make_knowledge(topics=topics))
    assert (problem.file.name, problem.line, problem.text) == ("topics.yml", 2, "`recovery` is listed twice, first in line 1")


def test_missing_list_is_reported(make_knowledge: MakeKnowledge) -> None:
    folder = make_knowledge()
    (folder / "topics.yml").unlink()
    [problem] = faults(folder)
    assert problem.file.name == "topics.yml"
    assert "No such file" in problem.text


def test_all_faults_are_reported_at_once(make_knowledge: MakeKnowledge) -> None:
    problems = faults(make_knowledge(answer_file(facts=["99"], script="word " * 41, text="All is well!")))
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)
    assert len(problems) == 3


def test_folder_without_answers_is_a_fault(make_knowledge: MakeKnowledge) -> None:
    folder = make_knowledge()
    (folder / GENERAL).unlink()
    assert "has no answers" in str(faults(folder)[0])
