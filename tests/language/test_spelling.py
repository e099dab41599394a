"""Typing errors and shorthand are repaired; terms of the domain are left alone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.errors import TermsInvalid
from language.lexicon import Lexicon, read_lexicon
from language.spelling import Speller, read_shorthand
from language.terms import read_groups
from language.text import words

DATA = Path("data")


@pytest.fixture(scope="module")
def speller() -> Speller:
    domain = {word for group in read_groups(DATA / "knowledge") for term in group.terms for word in words(term)}
    return Speller(domain=domain, shorthand=read_shorthand(DATA / "language" / "shorthand.yml"))


@pytest.mark.parametrize(
    ("typed", "repaired"),
    [
        ("how long b4 i can go back", "how long before i can go back"),
        ("what does it acomplish", "what does it accomplish"),
        ("recoverry tiem", "recovery time"),
        ("ppl w/o insurance", "people without insurance"),
        ("HOW LONG", "how long"),
        ("12-7 transfer", "12-7 transfer"),
        ("", ""),
    ],
)
def test_repair(speller: Speller, typed: str, repaired: str) -> None:
    assert speller.repair(typed) == repaired


def test_terms_of_the_domain_are_never_changed(speller: Speller) -> None:
    terms = [term.lower() for group in read_groups(DATA / "knowledge") for term in group.terms]
    shorthand = read_shorthand(DATA / "language" / "shorthand.yml")
    changed = [term for term in terms if speller.repair(term) != term and not set(term.split()) & set(shorthand)]
    assert changed == []


@pytest.mark.parametrize("content", [b"- a list", b"", b"[", b"caf\xe9: x"])
def test_broken_shorthand_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "shorthand.yml").write_bytes(content)
    with pytest.raises(TermsInvalid, match="shorthand.yml"):
        read_shorthand(tmp_path / "shorthand.yml")


@pytest.mark.parametrize("content", [b"- a list", b"", b"[", b"caf\xe9: [x]", b"ask_price: dollars", b"ask_price: 1"])
def test_broken_lexicon_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "lexicon.yml").write_bytes(content)
    with pytest.raises(TermsInvalid, match="lexicon.yml"):
        read_lexicon(tmp_path / "lexicon.yml")


@given(st.text(max_size=80))
def test_repair_keeps_numbers_and_signs(speller: Speller, text: str) -> None:
    repaired = speller.repair(text)
    assert [sign for sign in repaired if sign in "0123456789?!.,"] == [sign for sign in text.lower() if sign in "0123456789?!.,"]


def test_lexicon_finds_plurals_and_phrases() -> None:
    lexicon = Lexicon({"ask_other_operation": ["nose job", "knee"]})
    assert lexicon.find("two nose jobs and my knees") == {"ask_other_operation"}
    assert lexicon.find("no job, no nose") == frozenset()


def test_shipped_lexicon_names_classes_that_exist() -> None:
    classes = {file.stem for file in (DATA / "nlu" / "out_of_scope").glob("*.yml")}
    lexicon = read_lexicon(DATA / "language" / "out_of_field.yml")
    assert lexicon.find("how much does a nose job cost") == {"ask_other_operation", "ask_price"}
    assert lexicon.labels <= classes
