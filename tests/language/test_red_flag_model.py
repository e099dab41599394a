"""The statistical part of the red-flag screen: what it sees in a message, and that it only adds alarms."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from language.errors import TermsInvalid
from language.red_flag_model import FEATURES, MODEL, THRESHOLD, RedFlagModel, WordGroups
from language.red_flag_reading import Reading
from language.red_flags import Screen

SAFETY = Path("data/safety")
CLINIC: dict[str, Any] = yaml.safe_load(Path("data/clinic.yml").read_text(encoding="utf-8"))
QUESTIONS = Path("evaluation/questions")
FITTING = Path("evaluation/fitting")


@pytest.fixture(scope="module")
def screen() -> Screen:
    return Screen.from_files(SAFETY, CLINIC)


@pytest.fixture(scope="module")
def rules() -> Screen:
    return Screen.from_files(SAFETY, CLINIC, with_model=False)


def questions(*files: Path) -> list[str]:
    return [json.loads(line)["question"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def reading(text: str) -> Reading:
    words = text.split()
    return Reading(words, list(range(len(words))), [0] * len(words), [0] * len(words))


def test_groups_of_words_and_neighbours_are_features() -> None:
    groups = WordGroups({"pain": "hurts aches", "me": "i my"})
    assert len(groups.features(reading("it hurts"))) == len({"it", "hurts", "<pain", "it hurts", "^it", "^it hurts"})
    assert set(groups.features(reading("hurts"))) & set(groups.features(reading("aches")))
    assert all(0 <= each < FEATURES for each in groups.features(reading("any words at all")))
    assert groups.features(reading("")) == []


def test_score_above_the_threshold_alarms_for_the_likeliest_kind() -> None:
    groups = WordGroups({})
    weights = np.zeros((FEATURES, 3), dtype=np.float32)
    weights[groups.features(reading("help")), 0] = THRESHOLD
    weights[groups.features(reading("help")), 2] = 1
    model = RedFlagModel(weights, np.zeros(3, dtype=np.float32), ("stroke", "eye"), groups)
    assert model.kind(reading("help")) == "eye"
    assert model.kind(reading("hello")) is None


def test_model_only_adds_alarms(screen: Screen, rules: Screen) -> None:
    for text in questions(QUESTIONS / "red_flags.jsonl"):
        if (flag := rules.check(text)) is not None:
            assert screen.check(text) == flag


def test_model_finds_what_the_rules_miss(screen: Screen, rules: Screen) -> None:
    missed = [each for each in questions(FITTING / "red_flags.jsonl") if rules.check(each) is None and screen.check(each) is not None]
    assert len(missed) > 40


def test_it_learned_from_nothing_that_measures_it() -> None:
    learned = {text.lower() for text in questions(*FITTING.glob("red_flags*.jsonl"))}
    measured = {text.lower() for text in questions(*QUESTIONS.glob("*.jsonl"))}
    assert len(learned) > 900
    assert not learned & measured


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_bytes(b"PK\3\4 no weights")])
def test_missing_or_damaged_weights_are_told(tmp_path: Path, damage: Any) -> None:
    folder = tmp_path / "safety"
    shutil.copytree(SAFETY, folder)
    damage(folder / MODEL)
    with pytest.raises(TermsInvalid, match="evaluation.fit_red_flags"):
        Screen.from_files(folder, CLINIC)
