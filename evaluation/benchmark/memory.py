"""Memory of a process and all that it started, from /proc (Linux)."""

from __future__ import annotations

from pathlib import Path

PROC = Path("/proc")
MEGABYTE = 1_000_000


def tree_bytes(root: int) -> int:
    """Return the resident memory of `root` and its descendants; 0 when none of them runs."""
    parents = {int(folder.name): _field(folder, "PPid") for folder in PROC.glob("[0-9]*")}
    members, grown = {root}, True
    while grown:
        children = {pid for pid, parent in parents.items() if parent in members} - members
        members, grown = members | children, bool(children)
    return sum(_field(PROC / str(pid), "VmRSS") * 1024 for pid in members)


def _field(folder: Path, name: str) -> int:
    """A process may end at any time, and a zombie has no memory: both count as 0."""
    try:
        status = (folder / "status").read_text()
    except OSError:
        return 0
    values = (line.split()[1] for line in status.splitlines() if line.startswith(f"{name}:"))
    return int(next(values, "0"))
