"""Coverage counts facts and cells."""

from knowledge.checks import read_checked
from knowledge.coverage import measure_coverage
from tests.knowledge_files import MakeKnowledge


def test_fact_without_an_answer_is_uncovered(make_knowledge: MakeKnowledge) -> None:
    facts = [{"id": number, "statement": "It is so.", "source": "page"} for number in ("1", "F2")]
    measured = measure_coverage(read_checked(make_knowledge(facts=facts)))
    assert measured.uncovered == ["F2"]
    assert measured.answers_of_fact["1"] == ["recovery/general"]


def test_general_answer_fills_the_general_cell(make_knowledge: MakeKnowledge) -> None:
    measured = measure_coverage(read_checked(make_knowledge()))
    assert measured.answers_of_cell == {("recovery", ""): ["recovery/general"]}
