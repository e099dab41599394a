"""The red-flag screen finds emergencies, leaves look-alikes alone, and never takes long or raises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from language.errors import TermsInvalid
from language.red_flags import REPLY_WORDS, RULES, RedFlag, Screen

SAFETY = Path("data/safety")
CLINIC: dict[str, Any] = yaml.safe_load(Path("data/clinic.yml").read_text(encoding="utf-8"))
BANK = [json.loads(line) for line in Path("evaluation/questions/red_flags.jsonl").read_text(encoding="utf-8").splitlines()]
OWN = [json.loads(line) for line in Path("evaluation/questions/own.jsonl").read_text(encoding="utf-8").splitlines()]

ENOUGH = 220
RECALL, FALSE_ALARMS = 0.99, 0.01


@pytest.fixture(scope="module")
def screen() -> Screen:
    return Screen.from_files(SAFETY, CLINIC)


def kind(flag: RedFlag | None) -> str | None:
    return flag.kind if flag else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My dad's face just dropped", "stroke"),
        ("droopy mouth that came on an hour ago and went away after 5 minutes", "stroke"),
        ("my lip hangs and my arm is heavy", "stroke"),
        ("se me cayó la cara de repente", "stroke"),
        ("I can’t breathe", "breathing"),
        ("CANT BREATH", "breathing"),
        ("no puedo respirar", "breathing"),
        ("i cant breeeathe", "breathing"),
        ("I can not breathe", "breathing"),
        ("the bleeding wont stop", "bleeding"),
        ("my cheek is growing by the minute and purple since the sling", "bleeding"),
        ("fever of 104 with shaking chills after surgery", "sepsis"),
        ("bleach splashed in my eye", "eye"),
        ("me quiero morir", "self_harm"),
        ("i don't want to live", "self_harm"),
        ("my husband hits me", "abuse"),
        ("crushing chest pain since the surgery", "chest_pain"),
        ("he collapsed and won't wake up", "collapse"),
        ("she is having a seizure", "seizure"),
        ("took the whole bottle of pills", "overdose"),
    ],
)
def test_check_finds_each_class(screen: Screen, text: str, expected: str) -> None:
    assert kind(screen.check(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "I do NOT have trouble breathing",
        "no fever, chills or pus, when can I shower after surgery?",
        "could a stroke in 2012 be why my face droops",
        "is bleeding a risk of this surgery?",
        "what if I bleed after I get home",
        "can a stroke cause facial paralysis",
        "my face has drooped for six years",
        "slurred speech ever since the palsy",
        "as a child I had seizures",
        "this waiting is killing me",
        "dying to smile again",
        "I had a heart attack when I saw the bill",
        "scared of dying under anesthesia",
        "I feel sad and depressed",
        "fever this morning, still come in?",
        "how long is recovery?",
    ],
)
def test_check_leaves_look_alikes_alone(screen: Screen, text: str) -> None:
    assert screen.check(text) is None


def test_check_denies_only_within_the_clause(screen: Screen) -> None:
    assert kind(screen.check("I have no fever but I can't breathe")) == "breathing"
    assert kind(screen.check("not a stroke they said, now my throat is closing")) == "breathing"


def test_check_alarms_when_a_question_tells_of_now(screen: Screen) -> None:
    assert screen.check("can a face droop from stress?") is None
    assert kind(screen.check("can a face droop from stress? mine dropped an hour ago and my face hangs")) == "stroke"


def test_check_takes_what_is_new_from_what_is_old(screen: Screen) -> None:
    assert kind(screen.check("I've had Bell's for 6 years but today my arm went numb")) == "stroke"


def test_fever_after_surgery_is_for_today_and_sepsis_for_now(screen: Screen) -> None:
    fever = screen.check("fever of 101 two days after my surgery")
    septic = screen.check("fever of 101 two days after my surgery and she is confused")
    assert fever and (fever.kind, fever.urgency) == ("infection", "today")
    assert septic and septic.urgency == "now"


def test_bank_is_large_enough_and_has_every_class() -> None:
    red = [entry for entry in BANK if entry["kind"] == "emergency"]
    alike = [entry for entry in BANK if entry["kind"] == "near_emergency"]
    assert len(red) >= ENOUGH and len(alike) >= ENOUGH and len(red) + len(alike) == len(BANK)
    assert {entry["class"] for entry in red} == {entry["kind"] for entry in _classes()}


def test_bank_is_found_with_few_false_alarms(screen: Screen) -> None:
    alarms = [(entry["kind"] == "emergency", screen.check(entry["question"])) for entry in BANK]
    found = [flag is not None for is_red, flag in alarms if is_red]
    false = [flag is not None for is_red, flag in alarms if not is_red]
    assert sum(found) / len(found) >= RECALL
    assert sum(false) / len(false) <= FALSE_ALARMS


def test_bank_copies_no_other_bank() -> None:
    assert not {entry["question"].lower() for entry in BANK} & {entry["question"].lower() for entry in OWN}


def test_own_bank_alarms_on_emergencies_only(screen: Screen) -> None:
    assert [entry["question"] for entry in OWN if (screen.check(entry["question"]) is not None) != (entry["kind"] == "emergency")] == []


@pytest.mark.parametrize(
    "entry", list(yaml.safe_load((SAFETY / RULES).read_text(encoding="utf-8"))["classes"]), ids=lambda entry: entry["kind"]
)
def test_reply_says_first_what_to_do_and_names_its_source(entry: dict[str, Any]) -> None:
    reply = entry["reply"]
    first = reply.split(".")[0]
    assert len(reply.split()) <= REPLY_WORDS
    assert "?" not in reply and "appointment" not in reply.lower()
    assert "all" in first.lower() or "danger" in first
    assert entry["sources"] or entry["clinician_confirmation"] == "needed"


def test_reply_takes_its_numbers_from_the_clinic() -> None:
    screen = Screen.from_files(SAFETY, {**CLINIC, "emergency_number": "112", "crisis_line": "13 11 14"})
    stroke, despair = screen.check("my face just dropped"), screen.check("i want to die")
    assert stroke and "112" in stroke.reply and "911" not in stroke.reply
    assert despair and "13 11 14" in despair.reply


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "’’’", "🙂", "0" * 9000, "a" * 9000, "don't " * 2000, "\u0000 \ud83d", "٣٤ ½ ² 𐩀 ௰", "no " * 500, "if " * 500]
)
def test_check_never_raises(screen: Screen, text: str) -> None:
    assert screen.check(text) is None


def test_check_reads_the_end_of_a_very_long_text(screen: Screen) -> None:
    assert kind(screen.check("hello " * 2000 + ". I can't breathe")) == "breathing"


@pytest.mark.parametrize("missing", ["crisis_line", "emergency_number", "phone"])
def test_from_files_says_which_number_the_clinic_lacks_and_what_to_write(missing: str) -> None:
    with pytest.raises(TermsInvalid, match=rf"clinic.yml\) lacks `{missing}`: write the number") as raised:
        Screen.from_files(SAFETY, {key: value for key, value in CLINIC.items() if key != missing})
    assert "KeyError" not in str(raised.value)


def test_from_files_refuses_unknown_names(tmp_path: Path) -> None:
    for path in SAFETY.glob("*.yml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    rules = tmp_path / RULES
    rules.write_text(rules.read_text(encoding="utf-8").replace("signs: [overdose]", "signs: [over_dose]"), encoding="utf-8")
    with pytest.raises(TermsInvalid, match="over_dose"):
        Screen.from_files(tmp_path, CLINIC)


def test_from_files_refuses_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(TermsInvalid, match="cannot be read"):
        Screen.from_files(tmp_path, CLINIC)


def _classes() -> Iterator[dict[str, Any]]:
    yield from yaml.safe_load((SAFETY / RULES).read_text(encoding="utf-8"))["classes"]


@pytest.mark.parametrize(
    "text",
    [
        "if it's only a numb lid can I drive off after lid tightening",
        "I'm more afraid of the knife than of the crooked mouth",
        "is a graft from the calf painful for long",
        "I'm on warfarin, so bleeding worries me with a brow lift",
    ],
)
def test_question_that_alarmed_by_mistake_does_not(screen: Screen, text: str) -> None:
    assert screen.check(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I will drive off a bridge", "self_harm"),
        ("I have the gun in my mouth", "self_harm"),
        ("my calf is swollen and painful since the surgery", "chest_pain"),
        ("there is so much bleeding now", "bleeding"),
    ],
)
def test_emergency_beside_it_still_alarms(screen: Screen, text: str, expected: str) -> None:
    assert kind(screen.check(text)) == expected
