"""`python -m deploy.audit_packages` looks for known holes in what both locks install (`make audit`).

Ends with 0 when there is none that counts, 1 when there is one or a judgement has run out, and 3 when nobody could be asked: the
vulnerability service is on the internet, and a machine without it has learned nothing.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

LOCKS = {"app": Path("requirements/app.txt"), "bot": Path("requirements/bot.txt")}
IGNORED = Path("requirements/audit-ignore.yml")
UNREACHABLE = 3
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
MAX_SKIPPED = 0.5
"""Share of packages without an answer from which on the service counts as out of reach: a mirror answers so for all of them."""


class Judgement(BaseModel):
    """Why known holes of a package cannot be reached (requirements/audit-ignore.yml)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    package: str
    version: str
    environment: Literal["app", "bot"]
    holes: Literal["all"] | Annotated[tuple[str, ...], Field(min_length=1)]
    why: Annotated[str, Field(min_length=30)]
    reviewed_on: date
    review_by: date


@dataclass(frozen=True)
class Hole:
    """A known hole in a locked package. `names` are all its ids."""

    environment: str
    package: str
    version: str
    names: tuple[str, ...]
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        mended = f"mended in {', '.join(self.fixed_in)}" if self.fixed_in else "not mended yet"
        return f"{self.environment}: {self.package} {self.version}: {', '.join(self.names)} ({mended})"


def main() -> int:
    """Ask, and print what was found."""
    judged, today = read_judgements(), datetime.now(UTC).date()
    holes: list[Hole] = []
    for environment, lock in LOCKS.items():
        report = ask(lock)
        if report is None:
            print(
                "The vulnerability service cannot be reached, so nothing was checked. Run make audit where there is internet.",
                file=sys.stderr,
            )
            return UNREACHABLE
        holes += holes_in(environment, report)
    faults = [*outdated(judged, today), *(f"not judged: {hole}" for hole in holes if not is_judged(hole, judged))]
    for line in [*(f"cannot be reached: {hole}" for hole in holes if is_judged(hole, judged)), *faults]:
        print(line)
    print(f"{len(holes)} known holes, {len(faults)} faults.")
    return 1 if faults else 0


def read_judgements(file: Path = IGNORED) -> tuple[Judgement, ...]:
    """Return what was judged. Raises pydantic's `ValidationError` for a malformed file."""
    return TypeAdapter(tuple[Judgement, ...]).validate_python(yaml.safe_load(file.read_text(encoding="utf-8")) or ())


def pins(lock: Path) -> dict[str, set[str]]:
    """Return the versions of each package that a lock names; several where platforms differ."""
    found: dict[str, set[str]] = {}
    for name, version in PINNED.findall(lock.read_text(encoding="utf-8")):
        found.setdefault(name.lower(), set()).add(version)
    return found


def ask(lock: Path) -> dict[str, object] | None:
    """Return pip-audit's report on a lock, whatever platform its lines are for; None when the service gives no answers."""
    lines = [f"{name}=={version}" for name, versions in pins(lock).items() for version in sorted(versions)]
    dependencies: list[dict[str, object]] = []
    for part in _without_doubles(lines):
        report = _pip_audit(part)
        if report is None:
            return None
        dependencies += report
    skipped = sum("skip_reason" in each for each in dependencies)
    return None if skipped > MAX_SKIPPED * len(dependencies) else {"dependencies": dependencies}


def _without_doubles(lines: list[str]) -> Iterator[list[str]]:
    """Split, since pip-audit refuses two versions of one package in one file."""
    while lines:
        first = {line.split("==")[0]: line for line in reversed(lines)}
        yield list(first.values())
        lines = [line for line in lines if line not in first.values()]


def _pip_audit(lines: list[str]) -> list[dict[str, object]] | None:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(lines))
        file.flush()
        command = [
            sys.executable,
            "-m",
            "pip_audit",
            "-r",
            file.name,
            "--no-deps",
            "--disable-pip",
            "-f",
            "json",
            "--progress-spinner",
            "off",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        found: list[dict[str, object]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return None
    return found


def holes_in(environment: str, report: dict[str, object]) -> Iterator[Hole]:
    """Yield the holes that a report names."""
    for package in report["dependencies"]:  # type: ignore[attr-defined]
        for hole in package.get("vulns", ()):
            names = (hole["id"], *hole.get("aliases", ()))
            yield Hole(environment, package["name"].lower(), package["version"], names, tuple(hole.get("fix_versions", ())))


def is_judged(hole: Hole, judged: Iterable[Judgement]) -> bool:
    """Say whether somebody has judged that this hole cannot be reached."""
    return any(
        (each.package, each.version, each.environment) == (hole.package, hole.version, hole.environment)
        and (each.holes == "all" or bool(set(each.holes) & set(hole.names)))
        for each in judged
    )


def outdated(judged: Iterable[Judgement], today: date) -> Iterator[str]:
    """Yield the judgements that have to be made anew: their day has come, or the lock has another version."""
    locked = {environment: pins(lock) for environment, lock in LOCKS.items()}
    for each in judged:
        if each.version not in locked[each.environment].get(each.package, set()):
            yield f"outdated: {each.package} {each.version} is not in {LOCKS[each.environment]}"
        elif today >= each.review_by:
            yield f"outdated: {each.package} {each.version} was to be looked at again by {each.review_by}"


if __name__ == "__main__":
    sys.exit(main())
