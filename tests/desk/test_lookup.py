from datetime import date

import pytest

from desk.lookup import MAX_FOUND, Lookup
from knowledge.published import Published, PublishedAnswer


def answer(
    answer_id: str, question: str, *phrasings: str, procedures: tuple[str, ...] = (), text: str = "Ask your surgeon."
) -> PublishedAnswer:
    return PublishedAnswer(
        id=answer_id,
        version=1,
        topic=answer_id.split("/")[0],
        procedures=procedures,
        question=question,
        text=text,
        script="Short.",
        note=None,
        reviewed_on=None,
        review_due_on=date(2027, 1, 1),
        sources=(),
        phrasings=phrasings,
    )


ANSWERS = (
    answer("recovery/general", "How long does recovery take?", "when will I be healed", "how many weeks until I feel normal"),
    answer("recovery/gracilis", "How long is recovery after a gracilis transfer?", "healing time gracilis", procedures=("gracilis",)),
    answer("recovery/driving", "When can I drive again?", "can I drive home", "driving after surgery"),
    answer("risks/scars", "Will there be scars?", "is the scar visible", text="A thin line stays. It pales within a year."),
    *(answer(f"insurance/plan-{number}", f"Is plan {number} accepted?", f"do you take plan {number}") for number in range(20)),
)


@pytest.fixture(scope="module")
def lookup() -> Lookup:
    names = {"recovery": "Recovery", "risks": "Risks", "insurance": "Insurance"}
    return Lookup(Published(1, ANSWERS, {"gracilis": "Gracilis muscle transfer"}, names, {"gracilis": None}))


def first(lookup: Lookup, typed: str) -> str:
    return lookup.find(typed)[0].answer.id


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("how long does recovery take", "recovery/general"),
        ("recovery gracilis", "recovery/gracilis"),
        ("gracil", "recovery/gracilis"),
        ("dri", "recovery/driving"),
        ("driving", "recovery/driving"),
        ("SCARS?", "risks/scars"),
        ("scar", "risks/scars"),
        ("muscle transfer", "recovery/gracilis"),
        ("gracillis ", "recovery/gracilis"),
        ("thin line", "risks/scars"),
        ("plan 7 accepted", "insurance/plan-7"),
    ],
)
def test_find_puts_the_answer_first(lookup: Lookup, typed: str, expected: str) -> None:
    assert first(lookup, typed) == expected


@pytest.mark.parametrize("typed", ["", "   ", "?!", "xylophone ", "\u200b", "🙂"])
def test_find_returns_nothing_when_no_word_is_known(lookup: Lookup, typed: str) -> None:
    assert lookup.find(typed) == []


def test_find_returns_a_glance_at_most_nearest_first(lookup: Lookup) -> None:
    found = lookup.find("is plan accepted")
    assert len(found) == MAX_FOUND
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_find_reads_an_endless_text(lookup: Lookup) -> None:
    assert first(lookup, "blah " * 5000 + "scars") == "risks/scars"


def test_lookup_of_nothing_finds_nothing() -> None:
    assert Lookup(Published(1, (), {}, {}, {})).find("scar") == []
