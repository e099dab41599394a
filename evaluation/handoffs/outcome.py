"""What came of a run."""

from __future__ import annotations

from dataclasses import dataclass, field

from evaluation.handoffs.checks import Stored
from evaluation.handoffs.receivers import Received
from evaluation.handoffs.visitors import Told


@dataclass
class Outcome:
    """What came of a run.

    Attributes:
        told: by visitor. failed: what visitors were refused, in words.
        kills: by process. seconds: how long it took until all was quiet.
    """

    told: list[Told]
    failed: list[str]
    kills: dict[str, int]
    stored: Stored
    received: Received
    seconds: float
    faults: list[str] = field(default_factory=list)
