"""Trains an assistant in a process of its own, and notes time and memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console

from evaluation.benchmark.errors import BenchmarkFailed
from evaluation.benchmark.memory import MEGABYTE, tree_bytes
from language.encoder import cache_folder

PYTHON = Path(".venv-bot/bin/python").absolute()
POLL_SECONDS = 1.0
REPORT_SECONDS = 60.0
LAST_CHARACTERS = 110

QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
"""No call to the outside during a measurement, and a readable log; nothing here makes Rasa faster or slower."""


@dataclass(frozen=True)
class Training:
    """How a training went.

    Attributes:
        seconds: from start to end of the process. peak_mb: of resident memory, all its processes together.
    """

    seconds: float
    peak_mb: float
    epochs: int
    phrasings: int
    finished_at: str

    def write(self, path: Path) -> None:
        """Keep what was measured beside the model."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Training | None:
        """Return what `write` kept; None when there is nothing usable."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None


def train(command: Sequence[str], console: Console, *, folder: Path, log: Path, environment: Mapping[str, str]) -> tuple[float, float]:
    """Run `command` in `folder` until it ends, and return its seconds and the peak of its memory in megabytes.

    Raises:
        BenchmarkFailed: it failed; the end of its log follows.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        began = time.monotonic()
        variables = {**os.environ, **QUIET, **environment}
        process = subprocess.Popen(command, cwd=folder, env=variables, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            peak = _watch(process, log, console)
        finally:
            _end(process)
    if process.returncode:
        raise BenchmarkFailed(f"{' '.join(map(str, command))} failed. {log} ends with:\n{_end_of(log, 3000)}")
    return time.monotonic() - began, peak / MEGABYTE


def _watch(process: subprocess.Popen[bytes], log: Path, console: Console) -> int:
    peak, began, reported = 0, time.monotonic(), time.monotonic()
    while True:
        peak = max(peak, tree_bytes(process.pid))
        try:
            process.wait(POLL_SECONDS)
        except subprocess.TimeoutExpired:
            if time.monotonic() - reported >= REPORT_SECONDS:
                reported = time.monotonic()
                minutes = (reported - began) / 60
                console.print(f"  {minutes:.0f} min, {peak / MEGABYTE:.0f} MB: {_last_line(log)}", markup=False)
        else:
            return peak


def _last_line(log: Path) -> str:
    """Rasa's progress bars rewrite their line, so a carriage return ends one too."""
    lines = [line.strip() for line in _end_of(log, 2000).replace("\r", "\n").splitlines() if line.strip()]
    return lines[-1][:LAST_CHARACTERS] if lines else ""


def _end_of(log: Path, characters: int) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-characters:]


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop a training that was interrupted, with all its children."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def train_ours(console: Console, *, phrasings: int) -> Training:
    """Train our own assistant anew, encoding every phrasing: neither Rasa's cache nor the kept vectors are used."""
    with tempfile.TemporaryDirectory() as empty:
        (Path(empty) / "encoder").symlink_to((cache_folder() / "encoder").absolute())
        command = [str(PYTHON), "-W", "ignore", "-m", "bot", "train", "--force", "--out", f"{empty}/models"]
        log = Path(".cache/benchmark/train-ours.log")
        environment = {"FRONTDESK_CACHE": empty, "PYTHONPATH": "."}
        seconds, peak = train(command, console, folder=Path(), log=log, environment=environment)
    return Training(seconds, peak, 0, phrasings, time.strftime("%Y-%m-%d %H:%M"))


def train_stock(folder: Path, console: Console, *, epochs: int, phrasings: int) -> Training:
    """Train the stock assistant in `folder`; its model is `models/stock.tar.gz` there."""
    command = [str(PYTHON), "-m", "rasa", "train", "--fixed-model-name", "stock", "--out", "models", "--force"]
    seconds, peak = train(command, console, folder=folder, log=folder / "train.log", environment={})
    if not (folder / "models" / "stock.tar.gz").exists():
        raise BenchmarkFailed(f"The stock assistant was not trained. {folder / 'train.log'} says why.")
    return Training(seconds, peak, epochs, phrasings, time.strftime("%Y-%m-%d %H:%M"))
