"""Processes that are started again when they die, as deploy/supervisord.conf has it."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from evaluation.assistant import AssistantUnreachable
from evaluation.processes import READY_SECONDS, is_ready

START_SECONDS = 1.0
"""A process that lived shorter is started again after a growing pause (startsecs in deploy/supervisord.conf)."""


class Supervised:
    """One process.

    Attributes:
        name: for the report.
        ready: an address that answers when it serves; None: nothing to ask.
        kills: how often it was killed here.
        log: what it prints, of all its lives.
    """

    def __init__(self, name: str, command: list[str], variables: Mapping[str, str], ready: str | None, folder: Path) -> None:
        self.name = name
        self.ready = ready
        self.kills = 0
        self.log = folder / f"{name}.log"
        self._command = command
        self._variables = dict(variables)
        self._is_over = threading.Event()
        self._process = self._start()
        self._watch = threading.Thread(target=self._keep_alive, daemon=True)
        self._watch.start()

    def kill(self) -> None:
        """Send SIGKILL to the process as it is at this moment."""
        self.kills += 1
        self._process.kill()

    def wait_until_ready(self) -> None:
        """Return when it serves.

        Raises:
            AssistantUnreachable: it does not within READY_SECONDS.
        """
        until = time.monotonic() + READY_SECONDS
        while self.ready and not is_ready(self.ready):
            if time.monotonic() > until:
                raise AssistantUnreachable(f"{self.name} is not ready. It printed:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """End it for good, with all that it has started."""
        self._is_over.set()
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, number)
                self._process.wait(timeout=10)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self._watch.join()

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(self._command, env=self._variables, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)

    def _keep_alive(self) -> None:
        pause = 0.0
        while not self._is_over.is_set():
            begun = time.monotonic()
            self._process.wait()
            pause = 0.0 if time.monotonic() - begun > START_SECONDS else pause + 1
            if not self._is_over.wait(pause):
                self._process = self._start()
