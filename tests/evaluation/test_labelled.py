"""The questions for fitting name replies that exist."""

from pathlib import Path

import pytest
import yaml

from evaluation.labelled import read_labelled
from knowledge.reading import read_content

DATA = Path("data")

pytestmark = pytest.mark.slow


def test_every_label_is_an_answer_or_a_class() -> None:
    answers = {answer.id for answer in read_content(DATA / "knowledge").answers}
    classes = {entry["intent"] for file in (DATA / "nlu/out_of_scope").glob("*.yml") for entry in yaml.safe_load(file.read_text())["nlu"]}
    unknown = {label for labelled in read_labelled() for label in labelled.right} - answers - classes
    assert unknown == set()


def test_every_question_has_a_label() -> None:
    assert [labelled.question for labelled in read_labelled() if not labelled.right or not labelled.question.strip()] == []
