"""Draws the benchmark: wrong answers by coverage, and time by turn of one conversation."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import numpy as np
from matplotlib import pyplot

from evaluation.benchmark.coverage import curve
from evaluation.benchmark.report import OTHERS, Results


def draw(path: Path, results: Results) -> None:
    """Write the plot as SVG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pyplot.rcParams["svg.hashsalt"] = "benchmark"
    figure, (left, right) = pyplot.subplots(ncols=2, figsize=(11, 4), layout="constrained")
    for system in OTHERS:
        points = curve(results.at_best(system)[1])
        left.plot(points[:, 0], points[:, 1], label=system)
    left.plot([results.coverage], [results.our_wrong], "o", color="black", label="Frontdesk, as it runs")
    left.set(xlabel="answered (share of in-scope questions)", ylabel="answered wrongly")
    for measured in (results.ours, results.stock):
        turns = np.nanmedian(measured.load.turns, axis=0)
        right.plot(np.arange(1, len(turns) + 1), turns, label=measured.name)
    right.set(xlabel="turn of one conversation", ylabel="milliseconds (p50)", ylim=(0, None))
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
