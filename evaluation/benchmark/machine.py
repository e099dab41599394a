"""Says on what machine and with which versions something was measured."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
import time
from pathlib import Path

from evaluation.benchmark.training import PYTHON

BOT_PACKAGES = ("rasa", "tensorflow-cpu", "onnxruntime", "scikit-learn")
_VERSIONS = """
import importlib.metadata, platform, sys
print("Python", platform.python_version(), end="")
for name in sys.argv[1:]:
    try: print(",", name, importlib.metadata.version(name), end="")
    except importlib.metadata.PackageNotFoundError: pass
"""


def describe(packages: tuple[str, ...] = ("onnxruntime", "scikit-learn", "rasa-sdk")) -> list[str]:
    """Return Markdown lines: processor, memory, load, versions and date."""
    ours = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    return [
        f"- Machine: {_processor()}, {os.cpu_count()} cores, {_memory_gb():.0f} GB, {platform.system()} {platform.release()};"
        f" load {os.getloadavg()[0]:.1f} when this was written (it includes the benchmark's own).",
        f"- Versions: Python {platform.python_version()}, {ours}.",
        f"- Date: {time.strftime('%Y-%m-%d')}.",
    ]


def describe_rasa() -> str:
    """Return a Markdown line with the versions in Rasa's environment."""
    done = subprocess.run([str(PYTHON), "-c", _VERSIONS, *BOT_PACKAGES], capture_output=True, text=True, check=False)
    return f"- Rasa's environment: {done.stdout.strip() or 'unknown'}."


def load_warning() -> str:
    """Return a sentence when other work may spoil a measurement; empty on a quiet machine."""
    load = os.getloadavg()[0]
    return f"Other work is running (load {load:.1f}): times will not be reliable." if load > 0.7 else ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
