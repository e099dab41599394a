"""Fails when the chat widget grows over its budget.

    python tools/widget_size.py [--limit BYTES]

Counts what a page loads: `widget.js` and everything that it imports, each file gzipped by itself as a web server
sends it. A file in the folder that nothing imports is an error too, except for documentation.
"""

import argparse
import gzip
import re
import sys
from pathlib import Path

WIDGET = Path(__file__).parents[1] / "gateway" / "static" / "widget"
ENTRY = "widget.js"
# docs/issues, "Widget": at most 25 kB gzipped in total.
LIMIT_BYTES = 25_000
IMPORT = re.compile(r"""^\s*(?:import|export)\b[^"';]*?["']\./([\w./-]+)["']""", re.MULTILINE)


def loaded_files(folder: Path, entry: str = ENTRY) -> list[Path]:
    """Gives the entry and all that it imports, each once, in the order found."""
    waiting, found = [folder / entry], []
    while waiting:
        file = waiting.pop()
        if file in found:
            continue
        found.append(file)
        waiting += [folder / name for name in IMPORT.findall(file.read_text(encoding="utf-8"))]
    return found


def gzipped_bytes(file: Path) -> int:
    """Size as sent by a server that compresses at its highest level, as the gateway does."""
    return len(gzip.compress(file.read_bytes(), compresslevel=9, mtime=0))


def main(arguments: list[str] | None = None) -> int:
    """Prints the size of each file and the total; gives 1 when the total is over the limit."""
    parser = argparse.ArgumentParser(description="Measure the chat widget against its budget.")
    parser.add_argument("--limit", type=int, default=LIMIT_BYTES, metavar="BYTES")
    limit = parser.parse_args(arguments).limit
    files = loaded_files(WIDGET)
    sizes = {file.name: gzipped_bytes(file) for file in files}
    for name, size in sorted(sizes.items(), key=lambda item: -item[1]):
        print(f"{size:7,}  {name}")
    total = sum(sizes.values())
    print(f"{total:7,}  of {limit:,} bytes, gzipped, in {len(sizes)} files")
    unused = sorted({file.name for file in WIDGET.rglob("*.*") if file.suffix == ".js"} - set(sizes))
    for name in unused:
        print(f"{name} is loaded by nothing: remove it, or import it", file=sys.stderr)
    if total > limit:
        print(f"the widget is {total - limit:,} bytes over its budget", file=sys.stderr)
    return int(total > limit or bool(unused))


if __name__ == "__main__":
    sys.exit(main())
