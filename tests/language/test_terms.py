"""Procedures and insurers are found, misspelled too, and look-alikes are not."""

from pathlib import Path

import pytest

from language.errors import TermsInvalid
from language.terms import TermGroup, TermMatcher, read_groups

KNOWLEDGE = Path("data/knowledge")


@pytest.fixture(scope="module")
def matcher() -> TermMatcher:
    return TermMatcher(read_groups(KNOWLEDGE))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("how long is recovery after gracilis", ["gracilis"]),
        ("the gracillis thing", ["gracilis"]),
        ("blefaroplasty?", ["blepharoplasty"]),
        ("EYELID WEIGHT", ["eyelid-weight"]),
        ("masetter or temporalis", ["masseter-transfer", "temporalis"]),
        ("is it a cross-face nerve graft", ["cross-face-graft"]),
        ("do you take aetna or bluecross", ["aetna", "blue-cross"]),
        ("myomectomy for fibroids", []),
        ("weight loss", []),
        ("nothing of the kind", []),
        ("", []),
    ],
)
def test_terms_are_found(matcher: TermMatcher, text: str, found: list[str]) -> None:
    assert [term.id for term in matcher.find(text)] == found


def test_place_of_a_term_is_given(matcher: TermMatcher) -> None:
    [term] = matcher.find("is gracilis safe")
    assert (term.start, term.end, term.text) == (3, 11, "gracilis")


def test_every_listed_term_finds_its_own_procedure(matcher: TermMatcher) -> None:
    missed = [
        (group.id, term) for group in read_groups(KNOWLEDGE) for term in group.terms if group.id not in {t.id for t in matcher.find(term)}
    ]
    assert missed == []


def test_look_alike_beats_the_misspelling_of_a_term() -> None:
    look_alikes = TermMatcher([TermGroup("procedure", "myectomy", ("myectomy",), ("myomectomy",))])
    assert [term.id for term in look_alikes.find("myectomi")] == ["myectomy"]
    assert look_alikes.find("myomectomy") == []


@pytest.mark.parametrize(("text", "is_found"), [("graft", True), ("craft", False), ("blepharoplsty", True), ("blefaroplasti", False)])
def test_long_words_may_be_misspelled_and_short_ones_not(text: str, is_found: bool) -> None:
    found = TermMatcher([TermGroup("procedure", "it", ("graft", "blepharoplasty"))]).find(text)
    assert bool(found) is is_found


def test_longest_term_wins() -> None:
    groups = [TermGroup("procedure", "short", ("nerve graft",)), TermGroup("procedure", "long", ("cross-face nerve graft",))]
    assert [term.id for term in TermMatcher(groups).find("a cross-face nerve graft")] == ["long"]


def test_look_alike_phrase_is_no_term(matcher: TermMatcher) -> None:
    assert matcher.find("a skin graft for my arm") == []


def test_text_of_any_length_is_read_in_time(matcher: TermMatcher) -> None:
    """Regression: spaCy took minutes for 100,000 question marks."""
    assert matcher.find("gracilis " + "?" * 100_000)[0].id == "gracilis"


GROUP = "- {id: a, terms: [b]}"


@pytest.mark.parametrize(
    "text",
    ["- name: no id", "- {id: a}", "- {id: a, terms: b}", "- {id: a, terms: [1]}", "- a", "", "[", "a: b", GROUP + "\n- 1"],
)
def test_broken_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "insurers.yml").write_text(GROUP)
    (tmp_path / "procedures.yml").write_text(text)
    with pytest.raises(TermsInvalid, match="procedures.yml"):
        read_groups(tmp_path)


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "procedures.yml").write_bytes(b"- {id: caf\xe9}")
    with pytest.raises(TermsInvalid, match="procedures.yml"):
        read_groups(tmp_path)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "procedures.yml").write_text(GROUP)
    with pytest.raises(TermsInvalid, match="insurers.yml"):
        read_groups(tmp_path)
