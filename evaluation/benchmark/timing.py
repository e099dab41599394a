"""Times calls, and says how long most of them took."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Times:
    """Milliseconds that half, and all but one in twenty, of the calls took at most."""

    p50: float
    p95: float


def percentiles(milliseconds: Sequence[float]) -> Times:
    """Return what most calls took; nan for none."""
    if not milliseconds:
        return Times(float("nan"), float("nan"))
    return Times(float(np.percentile(milliseconds, 50)), float(np.percentile(milliseconds, 95)))


def time_calls(call: Callable[[str], Any], texts: Sequence[str], *, warm_up: int = 20) -> Times:
    """Call with each text in turn; the first `warm_up` texts are called once more before, uncounted."""
    for text in texts[:warm_up]:
        call(text)
    return percentiles([milliseconds(call, text) for text in texts])


def milliseconds(call: Callable[[Any], Any], argument: Any) -> float:
    """Return the time of one call."""
    began = time.perf_counter_ns()
    call(argument)
    return (time.perf_counter_ns() - began) / 1e6
