"""Fails when the chat widget grows over its budget.

    python -m tools.widget_size [--limit BYTES]

Counts what the gateway sends for `/widget/widget.js`, gzipped: all modules in one script. The table shows what each
module is by itself, written out and as sent. A module in the folder that is not part of the script is an error too.
"""

import argparse
import gzip
import sys
from pathlib import Path

from gateway.widget_script import FOLDER, compact, module_names, widget_script

# Issue "The public face": at most 25 kB gzipped in total.
LIMIT_BYTES = 25_000


def main(arguments: list[str] | None = None) -> int:
    """Prints the size of each module and of the script; gives 1 when the script is over the limit or a module is left out."""
    parser = argparse.ArgumentParser(description="Measure the chat widget against its budget.")
    parser.add_argument("--limit", type=int, default=LIMIT_BYTES, metavar="BYTES")
    limit = parser.parse_args(arguments).limit
    names = module_names(FOLDER)
    print("written  as sent  module")
    for name in names:
        print("{:7,}  {:7,}  {}".format(*sizes(FOLDER / name), name))
    total = len(widget_script().gzipped)
    print(f"         {total:7,}  widget.js as served, of {limit:,} bytes, gzipped")
    unused = sorted({file.name for file in FOLDER.glob("*.js")} - set(names))
    for name in unused:
        print(f"{name} is loaded by nothing: remove it, or import it", file=sys.stderr)
    if total > limit:
        print(f"the widget is {total - limit:,} bytes over its budget", file=sys.stderr)
    return int(total > limit or bool(unused))


def sizes(file: Path) -> tuple[int, int]:
    """Gives the gzipped bytes of a module as it is written, and as it is sent."""
    written = file.read_text(encoding="utf-8")
    return gzipped_bytes(written), gzipped_bytes(compact(written))


def gzipped_bytes(text: str) -> int:
    """Size as sent by the gateway, which compresses at the highest level."""
    return len(gzip.compress(text.encode(), compresslevel=9, mtime=0))


if __name__ == "__main__":
    sys.exit(main())
