"""What the search decides, over an index and weights made by hand, so that nothing that is fitted anew can change it."""

from dataclasses import replace

import pytest

from knowledge.features import FEATURES
from knowledge.question import Context
from knowledge.search import Decision, Search
from tests.knowledge.hand_made import ANSWERS, hand_made_model, hand_made_search

STAY_GRACILIS = Context("stay", frozenset({"gracilis"}))


@pytest.fixture(scope="session")
def search() -> Search:
    return hand_made_search()


def ids(search: Search, text: str, context: Context = Context(), rejects: frozenset[str] = frozenset()) -> list[str]:
    return [match.answer.id for match in search.search(text, context, rejects).matches]


def test_question_is_answered(search: Search) -> None:
    result = search.search("does it leave a scar")
    assert (result.decision, result.matches[0].answer.id) == (Decision.ANSWER, "risks/scars")
    assert 0.5 <= result.chance <= 1
    assert 0.9 < result.matches[0].score <= 1


@pytest.mark.parametrize("named", ["gracilis", "GRACILIS", "gracillis", "gracilis muscle transfer"])
def test_named_procedure_decides_between_twins(search: Search, named: str) -> None:
    assert ids(search, f"how long is the stay after {named}") == ["stay/gracilis"]


def test_unclear_question_is_asked_back(search: Search) -> None:
    result = search.search("long")
    assert result.decision is Decision.CLARIFY
    assert 2 <= len(result.matches) <= 4
    scores = [match.score for match in result.matches]
    assert scores == sorted(scores, reverse=True)


def test_strange_question_is_not_covered(search: Search) -> None:
    result = search.search("banana helicopter")
    assert (result.decision, result.matches, result.out_of_scope) == (Decision.NOT_COVERED, (), None)


@pytest.mark.parametrize(
    ("text", "refused_as"), [("how much does it cost", "ask_price"), ("dollars please", "ask_price"), ("asdf", "noise")]
)
def test_class_of_a_refused_question_is_named(search: Search, text: str, refused_as: str) -> None:
    result = search.search(text)
    assert (result.decision, result.matches, result.out_of_scope) == (Decision.NOT_COVERED, (), refused_as)


def test_unsure_answer_is_held_back() -> None:
    careful = hand_made_search(model=hand_made_model(answer=0.99, clarify=0.98))
    assert careful.search("does it leave a scar").decision is Decision.NOT_COVERED


def test_two_questions_get_two_answers(search: Search) -> None:
    result = search.search("will i have scars? is it done under anesthesia?")
    assert result.decision is Decision.ANSWER
    assert [match.answer.id for match in result.matches] == ["risks/scars", "anesthesia/general"]


def test_same_question_twice_gets_one_answer(search: Search) -> None:
    assert ids(search, "will i have scars? does it leave a scar?") == ["risks/scars"]


def test_two_procedures_get_an_answer_each(search: Search) -> None:
    found = ids(search, "how long is the stay after gracilis and temporalis")
    assert sorted(found) == ["stay/gracilis", "stay/temporalis"]


def test_follow_up_carries_the_procedure_over(search: Search) -> None:
    result = search.search("how long is recovery", STAY_GRACILIS)
    assert result.matches[0].answer.id == "recovery/gracilis"
    assert (result.assumed_procedures, result.assumed_topic) == ({"gracilis"}, None)


def test_bare_procedure_carries_the_topic_over(search: Search) -> None:
    result = search.search("and temporalis?", STAY_GRACILIS)
    assert result.matches[0].answer.id == "stay/temporalis"
    assert (result.assumed_procedures, result.assumed_topic) == (frozenset(), "stay")


def test_whole_question_assumes_nothing(search: Search) -> None:
    result = search.search("how long is recovery after temporalis", STAY_GRACILIS)
    assert result.matches[0].answer.id == "recovery/temporalis"
    assert (result.assumed_procedures, result.assumed_topic) == (frozenset(), None)


def test_answer_on_something_else_assumes_nothing(search: Search) -> None:
    result = search.search("does it leave a scar", STAY_GRACILIS)
    assert result.matches[0].answer.id == "risks/scars"
    assert result.assumed_procedures == frozenset()


def test_correction_does_not_give_the_same_answer_again(search: Search) -> None:
    assert ids(search, "nights in hospital") == ["stay/gracilis"]
    assert ids(search, "nights in hospital", rejects=frozenset({"stay/gracilis"})) == ["stay/temporalis"]


def test_rejecting_everything_is_not_covered(search: Search) -> None:
    result = search.search("nights in hospital", rejects=frozenset(answer.id for answer in ANSWERS))
    assert result.decision is Decision.NOT_COVERED


@pytest.mark.parametrize("text", ["", "   ", "😀😀😀", "???", "\x00", "\u202e\u200b", "\ud800", "…"])
def test_message_without_words_is_noise(search: Search, text: str) -> None:
    result = search.search(text)
    assert (result.decision, result.matches, result.out_of_scope) == (Decision.NOT_COVERED, (), "noise")


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["a" * 100_000, "how long " * 11_112, "gracilis " * 11_112, "?" * 100_000, "a? " * 33_334, "\u0301" * 100_000]
)
def test_hundred_thousand_characters_are_searched(search: Search, text: str) -> None:
    assert len(text) >= 100_000
    assert search.search(text).decision in set(Decision)


def test_insurers_are_understood(search: Search) -> None:
    question = search.understand("does aetna pay for gracilis")
    assert (question.insurers, question.procedures) == ({"aetna"}, {"gracilis"})


def test_whole_field_names_no_procedure(search: Search) -> None:
    assert search.understand("facial reanimation recovery").procedures == frozenset()


def test_shorthand_and_typing_errors_are_repaired(search: Search) -> None:
    assert search.understand("the OP and recoverry").repaired == "the operation and recovery"


@pytest.mark.slow
def test_release_of_one_answer_can_be_searched() -> None:
    assert ids(hand_made_search(ANSWERS[4:5]), "does it leave a scar") == ["risks/scars"]


def test_nearest_answers_are_given_whatever_is_decided(search: Search) -> None:
    nearest = search.nearest("long", count=3)
    assert len(nearest.matches) == 3
    assert search.nearest("do you repair bicycles").matches


def test_answer_just_shown_counts_less_for_a_follow_up() -> None:
    model = hand_made_model()
    weights = dict(zip(FEATURES, model.weights, strict=True)) | {"answer:just_shown": -50.0}
    search = hand_made_search(model=replace(model, weights=tuple(weights.values())))
    asked = "and how long is the stay"
    first = ids(search, asked, STAY_GRACILIS)
    assert ids(search, asked, replace(STAY_GRACILIS, shown=frozenset(first))) != first
