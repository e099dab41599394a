"""`python -m tests.run` runs the tests of both environments and of the browser, and ends with one verdict."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PYTEST = [".venv/bin/python", "-m", "pytest", "-q"]
WIDGET = sorted(str(file) for file in Path("tests/end_to_end").glob("test_widget_*.py"))
"""They need Chromium, and some need npm; where those are missing they are skipped."""

APP = [*PYTEST, "--ignore=tests/bot", "--ignore=tests/stories", *(f"--ignore={file}" for file in WIDGET)]
BROWSER = [*PYTEST, *WIDGET]
BOT = [".venv-bot/bin/python", "-W", "ignore", "-m", "pytest", "-q", "-c", "pytest-bot.ini", "tests/bot", "tests/stories"]


@dataclass(frozen=True)
class Outcome:
    """What one run of pytest came to."""

    name: str
    status: int
    passed: int
    skipped: int

    @property
    def is_good(self) -> bool:
        """Whether all that ran passed, and something ran or had a reason not to."""
        ran = self.passed > 0 or (self.name == "the browser" and self.skipped > 0)
        return self.status == 0 and ran

    @property
    def words(self) -> str:
        skipped = f" ({self.skipped} skipped, with the reason above)" if self.skipped else ""
        return f"{self.passed} in {self.name}{skipped}"


def main() -> int:
    """Return 0 when every test passed and some ran in each environment. Only the browser's may all be skipped."""
    outcomes = [run(".venv", APP), run(".venv-bot", BOT), run("the browser", BROWSER)]
    failed = [outcome.name for outcome in outcomes if not outcome.is_good]
    if failed:
        print(f"\nTests FAILED in {' and '.join(failed)}.")
        return 1
    print(f"\nAll tests passed: {', '.join(outcome.words for outcome in outcomes)}.")
    return 0


def run(name: str, command: list[str]) -> Outcome:
    """Run pytest, show what it prints as it comes, and count."""
    print(f"--- tests in {name}", flush=True)
    if not Path(command[0]).exists():
        print(f"{command[0]} is missing. Run: make sync")
        return Outcome(name, 1, 0, 0)
    process = subprocess.Popen([*command, "-rs"], stdout=subprocess.PIPE, text=True)
    last = ""
    for line in process.stdout or ():
        print(line, end="", flush=True)
        last = line if re.search(r"\d+ (passed|failed|error|skipped)", line) else last
    return Outcome(name, process.wait(), _count("passed", last), _count("skipped", last))


def _count(what: str, line: str) -> int:
    found = re.search(rf"(\d+) {what}", line)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    sys.exit(main())
