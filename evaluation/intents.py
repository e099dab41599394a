"""`python -m evaluation.intents` measures how well the intents are told apart, and how sure the classifier should be.

It is trained on what Rasa is trained on, and judged on the labelled questions of `evaluation/fitting/`, which neither the
classifier nor the encoder has seen (those that are training examples word for word are left out). What matters most is that
no question is taken for small talk, since small talk is answered without a search. Writes docs/results/intents.md; the figures
in config.yml are from there.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console

from evaluation.intents_report import write
from evaluation.labelled import read_conversation, read_labelled
from knowledge.building import read_classes
from knowledge.reading import read_content
from language.encoder import load_encoder
from language.errors import EncoderUnavailable
from language.intents import IntentModel, chances, fit
from language.text import comparable
from language.vectors import VectorCache

STRENGTHS = (3.0, 10.0, 30.0, 100.0)
TEMPERATURES = [round(0.4 + 0.05 * step, 2) for step in range(53)]
THRESHOLDS = [round(0.05 * step, 2) for step in range(15)]
PARTS = 5

TO_SEARCH = {"correct_subject", "choose_answer", "none_of_these"}
"""Intents of data/nlu/conversation and data/nlu/buttons that lead to the search, or that no text leads to."""

MAX_LOST = 0.01
"""Share of the conversation turns told rightly that the fallback threshold may send to the search."""


@dataclass(frozen=True)
class Examples:
    """Texts with their intents, all that Rasa learns from."""

    texts: list[str]
    intents: list[str]


@dataclass(frozen=True)
class Unseen:
    """A labelled question with all intents that would be right."""

    text: str
    right: frozenset[str]
    group: str


@dataclass(frozen=True)
class Judged:
    """What an unseen question came to.

    Attributes:
        intent: the one with the highest chance. chance: its chance, in [0, 1].
    """

    unseen: Unseen
    intent: str
    chance: float

    @property
    def is_right(self) -> bool:
        return self.intent in self.unseen.right


@dataclass(frozen=True)
class Measured:
    """All that the report shows.

    Attributes:
        by_strength: strength → judged with temperature 1.
        before, after: calibration error with temperature 1, and with temperatures from the other parts (cross-validated).
        judged: with the strength and temperature that were chosen. small_talk: the intents answered without a search.
    """

    by_strength: dict[float, list[Judged]]
    seconds: float
    n_examples: int
    strength: float
    temperature: float
    threshold: float
    before: float
    after: float
    judged: list[Judged]
    small_talk: frozenset[str]


def read_examples(data: Path) -> Examples:
    """Read the examples of Rasa's files and the phrasings of the answers, as bot/knowledge_importer.py does."""
    files = [each for folder in sorted((data / "nlu").iterdir()) for each in read_classes(folder)]
    pairs = [(text, each.id) for each in files for text in each.phrasings]
    for answer in read_content(data / "knowledge").answers:
        pairs += [(text, f"ask_{answer.written.topic.replace('-', '_')}") for text in answer.phrasings]
    return Examples([text for text, _ in pairs], [intent for _, intent in pairs])


def read_unseen(examples: Examples) -> list[Unseen]:
    """Read the labelled questions that are no training examples."""
    seen = {comparable(text) for text in examples.texts}
    labelled = [*read_labelled(), *read_conversation()]
    unseen = [Unseen(each.question, frozenset(map(_intent, each.right)), each.group) for each in labelled]
    return [each for each in unseen if comparable(each.text) not in seen]


def _intent(label: str) -> str:
    """The label of an answer is topic/name, that of a class is the intent itself."""
    topic, slash, _ = label.partition("/")
    return f"ask_{topic.replace('-', '_')}" if slash else label


def judge(model: IntentModel, scores: np.ndarray, unseen: list[Unseen], temperature: float) -> list[Judged]:
    """Return what each question comes to."""
    found = chances(scores, temperature=temperature)
    best = found.argmax(axis=1)
    return [Judged(each, model.intents[i], float(row[i])) for each, i, row in zip(unseen, best, found, strict=True)]


def calibration_error(judged: list[Judged], bins: int = 10) -> float:
    """Return the mean gap between chance and truth over ten bins, weighted by their size (ECE)."""
    number = np.array([min(int(each.chance * bins), bins - 1) for each in judged])
    gaps = np.array([each.chance - each.is_right for each in judged])
    return float(sum(abs(gaps[number == i].sum()) for i in range(bins)) / len(judged))


def best_strength(by_strength: dict[float, list[Judged]]) -> float:
    """Return the smallest strength that is as good as the best one within its standard error: the rest is chance."""
    shares = {each: sum(one.is_right for one in judged) / len(judged) for each, judged in by_strength.items()}
    best = max(shares.values())
    error = float(np.sqrt(best * (1 - best) / len(by_strength[STRENGTHS[0]])))
    return min(each for each, share in shares.items() if share >= best - error)


def best_temperature(model: IntentModel, scores: np.ndarray, unseen: list[Unseen]) -> float:
    """Return the temperature at which the chance of the first intent says best whether it is right (least log loss)."""
    return min(TEMPERATURES, key=lambda each: _log_loss(judge(model, scores, unseen, each)))


def _log_loss(judged: list[Judged]) -> float:
    truth = np.array([each.is_right for each in judged])
    chance = np.clip([each.chance for each in judged], 1e-6, 1 - 1e-6)
    return float(-np.log(np.where(truth, chance, 1 - chance)).mean())


def cross_validated(model: IntentModel, scores: np.ndarray, unseen: list[Unseen]) -> list[Judged]:
    """Judge each part with the temperature of the other four."""
    part = np.random.default_rng(0).integers(0, PARTS, len(unseen))
    judged: list[Judged] = []
    for held_out in range(PARTS):
        others, own = np.flatnonzero(part != held_out), np.flatnonzero(part == held_out)
        temperature = best_temperature(model, scores[others], [unseen[i] for i in others])
        judged += judge(model, scores[own], [unseen[i] for i in own], temperature)
    return judged


def is_small_talk(each: Judged, small_talk: frozenset[str], threshold: float) -> bool:
    """Say whether Rasa would answer without a search: unsure intents fall back to it."""
    return each.intent in small_talk and each.chance >= threshold


def best_threshold(judged: list[Judged], small_talk: frozenset[str]) -> float:
    """Return the highest threshold that loses next to no conversation turn: the higher, the fewer questions go unanswered."""
    told = [each for each in judged if each.unseen.right <= small_talk and each.is_right]
    kept = [step for step in THRESHOLDS if sum(each.chance < step for each in told) <= MAX_LOST * len(told)]
    return max(kept)


def measure(data: Path) -> Measured:
    """Fit with each strength, judge, and choose.

    Raises:
        EncoderUnavailable: the classifier is measured with the encoder only.
    """
    examples = read_examples(data)
    unseen = read_unseen(examples)
    cache = VectorCache(load_encoder())
    vectors, asked = cache.encode_all(examples.texts), cache.encode_all([each.text for each in unseen])
    models, seconds = {}, 0.0
    for strength in STRENGTHS:
        begun = time.process_time()
        models[strength] = fit(examples.texts, examples.intents, vectors, strength=strength)
        seconds = max(seconds, time.process_time() - begun)
    scores = {strength: model.scores([each.text for each in unseen], asked) for strength, model in models.items()}
    by_strength = {strength: judge(models[strength], scores[strength], unseen, 1.0) for strength in STRENGTHS}
    strength = best_strength(by_strength)
    model, own = models[strength], scores[strength]
    temperature = best_temperature(model, own, unseen)
    judged = judge(model, own, unseen, temperature)
    small_talk = _small_talk(data)
    return Measured(
        by_strength=by_strength,
        seconds=seconds,
        n_examples=len(examples.texts),
        strength=strength,
        temperature=temperature,
        threshold=best_threshold(judged, small_talk),
        before=calibration_error(by_strength[strength]),
        after=calibration_error(cross_validated(model, own, unseen)),
        judged=judged,
        small_talk=small_talk,
    )


def _small_talk(data: Path) -> frozenset[str]:
    return frozenset(each.id for each in read_classes(data / "nlu" / "conversation")) - TO_SEARCH


def main() -> int:
    """Measure and report; the exit status is 1 without the encoder."""
    console = Console(soft_wrap=True)
    try:
        console.print(write(measure(Path("data"))))
    except EncoderUnavailable as error:
        console.print(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
