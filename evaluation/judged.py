"""What came of a labelled question that the weights had not seen."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.labelled import Labelled


@dataclass(frozen=True)
class Judged:
    """What an unseen question came to: the chance that the model gave its first choice, and the truth."""

    labelled: Labelled
    chance: float
    is_right: bool
    is_in_first_three: bool
    is_answer: bool
    refused: float
