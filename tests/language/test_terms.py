"""Procedures and insurers are found, misspelled too, and look-alikes are not."""

from pathlib import Path

import pytest

from language.errors import TermsInvalid
from language.terms import TermMatcher, read_groups

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


def test_broken_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "procedures.yml").write_text("- name: no id")
    with pytest.raises(TermsInvalid, match="procedures.yml"):
        read_groups(tmp_path)
