"""Writes what the measurement of the intents found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evaluation.intents import Judged, Measured

PAGE = Path("docs/results/intents.md")

HANDOFFS = {"request_person", "request_appointment"}

GROUPS = ("in_scope", "follow_ups", "out_of_scope", "conversation")

STEPS = [round(0.1 * step, 1) for step in range(8)]


def write(measured: Measured) -> str:
    """Write docs/results/intents.md and return it."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    page = "\n".join([*_head(measured), *_accuracy(measured), *_strengths(measured), *_risk(measured), *_misses(measured), ""])
    PAGE.write_text(page, encoding="utf-8")
    return page


def _head(measured: Measured) -> list[str]:
    return [
        "# The intents",
        "",
        f"Written by `python -m evaluation.intents`. The classifier learned from {measured.n_examples:,} examples, in "
        f"{measured.seconds:.0f} s of one core at most.",
        f"It is judged on {len(measured.judged):,} labelled questions of `evaluation/fitting/` that are not training examples.",
        "Neither the classifier nor the encoder was trained on them, so nothing had to be held out of the training data; figures on",
        "held-out phrasings would flatter, since the encoder was tuned on all phrasings.",
        "",
        f"Chosen for config.yml: C {measured.strength:g}, temperature {measured.temperature:g}, threshold {measured.threshold:g}.",
        "",
        f"- Calibration error (ECE, 10 bins): {measured.before:.3f} with temperature 1, {measured.after:.3f} with the temperature"
        " of the other four parts (5-fold cross-validation).",
        f"- Question or small talk, two ways: {_two_way(measured):.1%} right at the threshold.",
        "",
    ]


def _accuracy(measured: Measured) -> list[str]:
    rows = ["| group | questions | intent is right |", "|---|---|---|"]
    for group in GROUPS:
        own = _group(measured.judged, group)
        rows.append(f"| {group} | {len(own)} | {_share(each.is_right for each in own)} |")
    handoffs = [each for each in measured.judged if each.unseen.right <= HANDOFFS]
    rows.append(f"| conversation: person or appointment | {len(handoffs)} | {_share(each.intent in HANDOFFS for each in handoffs)} |")
    return [
        *rows,
        "",
        "A topic that is told wrongly does no harm: every question goes to the search, whatever its topic, which ranks by itself.",
        "",
    ]


def _strengths(measured: Measured) -> list[str]:
    rows = ["| C | " + " | ".join(GROUPS) + " |", "|---" * (len(GROUPS) + 1) + "|"]
    for strength, judged in measured.by_strength.items():
        shares = (_share(each.is_right for each in _group(judged, group)) for group in GROUPS)
        rows.append(f"| {strength:g} | " + " | ".join(shares) + " |")
    rule = "Chosen: the smallest that is right as often as the best one, within its standard error."
    return ["## Strength", "", rule, "", *rows, ""]


def _risk(measured: Measured) -> list[str]:
    rows = [
        "| threshold | in-scope questions taken for small talk | follow-ups | out of scope | small talk told rightly | "
        "small talk sent to the search | handoffs told |",
        "|---|---|---|---|---|---|---|",
    ]
    for step in sorted({*STEPS, measured.threshold}):
        talk = {group: _counted(measured, _group(measured.judged, group), step) for group in GROUPS}
        own = [each for each in _group(measured.judged, "conversation") if each.unseen.right <= measured.small_talk]
        told = _share(each.is_right and each.chance >= step for each in own)
        lost = _share(not _is_small_talk(measured, each, step) for each in own)
        handoffs = [each for each in own if each.unseen.right <= HANDOFFS]
        filed = _share(each.intent in HANDOFFS and each.chance >= step for each in handoffs)
        rows.append(f"| {step:g} | {talk['in_scope']} | {talk['follow_ups']} | {talk['out_of_scope']} | {told} | {lost} | {filed} |")
    return [
        "## Fallback threshold and risk",
        "",
        "Below the threshold the message goes to the search. Chosen: the highest threshold that loses at most 1 % of the small talk",
        "that is told rightly.",
        "",
        *rows,
        "",
    ]


def _misses(measured: Measured) -> list[str]:
    questions = [each for each in measured.judged if each.unseen.group != "conversation"]
    taken = [each for each in questions if _is_small_talk(measured, each, measured.threshold)]
    handoffs = [each for each in measured.judged if each.unseen.right <= HANDOFFS and each.intent not in HANDOFFS]
    others = [each for each in _group(measured.judged, "conversation") if not each.is_right and each not in handoffs]
    return [
        "## Questions taken for small talk",
        "",
        *map(_line, taken),
        "",
        "## Handoffs that were not told",
        "",
        *map(_line, handoffs),
        "",
        "## Other small talk taken for something else",
        "",
        *map(_line, others),
    ]


def _line(each: Judged) -> str:
    return f"- {each.unseen.text!r}: {each.intent} ({each.chance:.2f}), not {' or '.join(sorted(each.unseen.right))}"


def _is_small_talk(measured: Measured, each: Judged, threshold: float) -> bool:
    return each.intent in measured.small_talk and each.chance >= threshold


def _two_way(measured: Measured) -> float:
    outcomes = Counter(
        _is_small_talk(measured, each, measured.threshold) == (each.unseen.right <= measured.small_talk) for each in measured.judged
    )
    return outcomes[True] / outcomes.total()


def _counted(measured: Measured, judged: list[Judged], threshold: float) -> str:
    return f"{sum(_is_small_talk(measured, each, threshold) for each in judged)} of {len(judged)}"


def _group(judged: list[Judged], group: str) -> list[Judged]:
    return [each for each in judged if each.unseen.group == group]


def _share(outcomes: Iterable[bool]) -> str:
    counted = Counter(bool(each) for each in outcomes)
    return f"{counted[True] / counted.total():.1%}" if counted else "none"
