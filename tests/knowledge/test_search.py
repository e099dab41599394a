"""Decisions of the search, with the real code over a small release."""

import pytest

from knowledge.question import Context
from knowledge.search import Decision, Search
from tests.knowledge.small import small_search

GRACILIS = Context("recovery", frozenset({"gracilis"}))


@pytest.fixture(scope="module")
def search() -> Search:
    return small_search()


def first(search: Search, text: str, context: Context = Context()) -> str:
    result = search.search(text, context)
    return result.matches[0].answer.id if result.matches else result.decision.value


def test_phrasing_finds_its_answer(search: Search) -> None:
    result = search.search("gracilis recovery time")
    assert result.decision is Decision.ANSWER
    assert result.matches[0].answer.id == "recovery/gracilis"
    assert 0 < result.chance <= 1


def test_named_procedure_decides_between_twins(search: Search) -> None:
    assert first(search, "weeks off work after the eyelid wieght") == "recovery/eyelid-weight"


def test_other_operation_is_not_answered(search: Search) -> None:
    result = search.search("how much recovery time for a hip replacement")
    assert result.decision is Decision.NOT_COVERED
    assert result.out_of_scope == "ask_other_operation"


def test_medicine_dose_is_not_answered(search: Search) -> None:
    assert search.search("how many mg of prednisone should i take").out_of_scope == "ask_medicine_dose"


def test_follow_up_carries_the_procedure_over(search: Search) -> None:
    result = search.search("and when can i work?", GRACILIS)
    assert [match.answer.id for match in result.matches][0] == "recovery/gracilis"


def test_bare_procedure_carries_the_topic_over(search: Search) -> None:
    question = search.understand("and for the eyelid weight?", GRACILIS)
    assert question.assumed_topic == "recovery"
    assert question.assumed_procedures == frozenset()


def test_named_procedure_is_not_overruled_by_the_last(search: Search) -> None:
    assert first(search, "eyelid weight recovery time", GRACILIS) == "recovery/eyelid-weight"


def test_rejected_answer_is_not_given_again(search: Search) -> None:
    result = search.search("recovery time", GRACILIS, frozenset({"recovery/gracilis"}))
    assert all(match.answer.id != "recovery/gracilis" for match in result.matches if result.decision is Decision.ANSWER)


def test_two_questions_get_two_answers(search: Search) -> None:
    result = search.search("gracilis recovery time? which insurance plans are accepted?")
    assert [match.answer.id for match in result.matches] == ["recovery/gracilis", "insurance/accepted-plans"]


def test_clarifying_offers_two_to_four(search: Search) -> None:
    result = search.search("weeks off work recovery time healing")
    if result.decision is Decision.CLARIFY:
        assert 2 <= len(result.matches) <= 4
    else:
        assert result.decision in {Decision.ANSWER, Decision.NOT_COVERED}


@pytest.mark.parametrize("text", ["", "   ", "😀😀😀", "???", "\x00", "a" * 100_000, "how long " * 12_500, "\u202e\u200b"])
def test_odd_text_is_no_error(search: Search, text: str) -> None:
    assert search.search(text).decision in set(Decision)


def test_emoji_only_is_not_understood(search: Search) -> None:
    result = search.search("😀😀😀")
    assert (result.decision, result.out_of_scope) == (Decision.NOT_COVERED, "noise")


def test_answer_by_id(search: Search) -> None:
    assert search.answer("recovery/gracilis") is not None
    assert search.answer("recovery/none") is None


def test_words_alone_is_said(search: Search) -> None:
    assert not search.has_vectors
