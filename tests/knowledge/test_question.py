"""What a question names, and what it leans on."""

import pytest

from knowledge.question import Context, Question, leans_on_the_last

LAST = Context("stay", frozenset({"gracilis"}))


def question(text: str, *procedures: str, terms: tuple[str, ...] = (), insurers: frozenset[str] = frozenset()) -> Question:
    return Question(text=text, repaired=text, procedures=frozenset(procedures), insurers=insurers, terms=terms, context=LAST)


@pytest.mark.parametrize("text", ["and the scar?", "what about recovery", "how long", "is it safe for my mother who is eighty years old"])
def test_follow_up_leans_on_the_last(text: str) -> None:
    assert leans_on_the_last(text)


def test_whole_question_leans_on_nothing() -> None:
    assert not leans_on_the_last("how many weeks must a teacher stay at home to recover")


def test_procedure_of_the_last_answer_is_assumed() -> None:
    assert question("how long is recovery").assumed_procedures == {"gracilis"}


def test_named_procedure_or_insurer_leaves_nothing_to_assume() -> None:
    assert question("temporalis recovery", "temporalis").assumed_procedures == frozenset()
    assert question("does aetna pay", insurers=frozenset({"aetna"})).assumed_procedures == frozenset()


def test_topic_is_assumed_for_a_bare_procedure_only() -> None:
    assert question("and for temporalis", "temporalis", terms=("temporalis",)).assumed_topic == "stay"
    assert question("temporalis scars", "temporalis", terms=("temporalis",)).assumed_topic is None


def test_start_of_a_conversation_assumes_nothing() -> None:
    first = Question(text="how long", repaired="how long", procedures=frozenset(), insurers=frozenset())
    assert (first.assumed_procedures, first.assumed_topic) == (frozenset(), None)
