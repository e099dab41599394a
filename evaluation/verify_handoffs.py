"""`python -m evaluation.verify_handoffs` kills processes while visitors file handoffs, and looks whether one was lost.

It starts a gateway, Rasa, an action server and a delivery worker of its own. Writes docs/results/handoffs.md; 1 is the exit status when
something is not as it must be.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from evaluation.assistant import AssistantUnreachable
from evaluation.handoffs import checks
from evaluation.handoffs.office import Office, open_office
from evaluation.handoffs.outcome import Outcome
from evaluation.handoffs.receivers import Received, receiving
from evaluation.handoffs.report import page_of
from evaluation.handoffs.visitors import Caller, Told

PAGE = Path("docs/results/handoffs.md")
HANDOFFS, KILLS, SEED = 200, 50, 5
AT_ONCE = 16
SECONDS_PER_KILL = 4.0
"""Rasa needs about ten seconds to start; so some kills hit what is starting, and visitors get through in between."""

AIM_SECONDS = 3.0
QUIET_SECONDS = 300.0
"""A lease that a killed worker has left ends after two minutes (desk.outbox.LEASE)."""


class Killer(threading.Thread):
    """Kills one process at each of its moments. Every second kill waits for a contact card, or an event, to be on its way."""

    def __init__(self, office: Office, moments: Sequence[float], random: Random, card_sent: threading.Event, received: Received) -> None:
        super().__init__(daemon=True)
        self._office = office
        self._moments = sorted(moments)
        self._random = random
        self._aims = {"gateway": card_sent, "delivery": received.came}

    def run(self) -> None:
        begun = time.monotonic()
        names = sorted(self._office.processes)
        for number, moment in enumerate(self._moments):
            time.sleep(max(0.0, begun + moment - time.monotonic()))
            name = self._random.choice(names)
            if name in self._aims and number % 2:
                self._aims[name].clear()
                self._aims[name].wait(AIM_SECONDS)
                time.sleep(self._random.uniform(0, 0.05))
            self._office.processes[name].kill()


def run(handoffs: int, kills: int, seed: int) -> Outcome:
    """File handoffs while processes are killed, and wait until all is delivered.

    Raises:
        AssistantUnreachable: a process does not get ready.
    """
    with tempfile.TemporaryDirectory() as folder, receiving() as received, open_office(Path(folder), received) as office:
        begun = time.monotonic()
        told, failed = _file_all(office, received, handoffs, kills, seed)
        office.wait_until_ready()
        _wait_until_delivered(office)
        outcome = Outcome(
            told=told,
            failed=failed,
            kills={name: process.kills for name, process in office.processes.items()},
            stored=checks.read(office.engine),
            received=received,
            seconds=time.monotonic() - begun,
        )
    outcome.faults = outcome.failed + checks.faults_of(outcome.told, outcome.stored, outcome.received)
    return outcome


def _file_all(office: Office, received: Received, handoffs: int, kills: int, seed: int) -> tuple[list[Told], list[str]]:
    random, card_sent, span = Random(seed), threading.Event(), max(kills, 1) * SECONDS_PER_KILL
    starts = sorted(random.uniform(0, span) for _ in range(handoffs))
    killer = Killer(office, [random.uniform(0, span) for _ in range(kills)], Random(seed + 1), card_sent, received)
    begun, failed = time.monotonic(), list[str]()

    def visit(number: int) -> Told:
        time.sleep(max(0.0, begun + starts[number] - time.monotonic()))
        caller = Caller(office.address, number, Random(seed * 100_000 + number), card_sent)
        try:
            return caller.run(talks=number % 2 == 0, again=number % 4 == 1)
        except AssistantUnreachable as error:
            failed.append(str(error))
            return caller.told

    killer.start()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = list(pool.map(visit, range(handoffs)))
    killer.join()
    return told, failed


def _wait_until_delivered(office: Office) -> None:
    until = time.monotonic() + QUIET_SECONDS
    while checks.read(office.engine).waiting and time.monotonic() < until:
        time.sleep(1)


def main(arguments: Sequence[str]) -> int:
    """Run, write the page when it was a whole run, and return 1 when there was a fault."""
    parser = argparse.ArgumentParser(prog="verify_handoffs", description=__doc__)
    parser.add_argument("--handoffs", type=int, default=HANDOFFS)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    print(f"Filing {options.handoffs} handoffs with {options.kills} kills, seed {options.seed}.", flush=True)
    outcome = run(options.handoffs, options.kills, options.seed)
    page = page_of(outcome, options.seed)
    print(page)
    if options.handoffs >= HANDOFFS and options.kills >= KILLS:
        PAGE.write_text(page, encoding="utf-8")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
