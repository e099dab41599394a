"""Rewrites one section of a page, and nothing else of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def rewrite(page: Path, name: str, title: str, lines: Sequence[str]) -> None:
    """Replace the section `name` of `page`; a page or section that is not there yet is begun."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    section = "\n".join([begin, f"## {title}", "", *lines, end])
    page.parent.mkdir(parents=True, exist_ok=True)
    written = page.read_text(encoding="utf-8") if page.exists() else "# The sentence encoder\n"
    before, found, rest = written.partition(begin)
    after = rest.partition(end)[2]
    text = f"{before}{section}{after}" if found else f"{written.rstrip()}\n\n{section}\n"
    page.write_text(text, encoding="utf-8")
