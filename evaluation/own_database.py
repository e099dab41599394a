"""A database of its own for a measurement or a test."""

from __future__ import annotations

from pathlib import Path

from database.engine import open_database
from database.migrate import upgrade
from knowledge.checks import read_checked
from knowledge.importing import import_content


def shipped_knowledge(folder: Path) -> str:
    """Return the URL of a new SQLite database in `folder`, with the shipped knowledge published."""
    url = f"sqlite:///{folder}/frontdesk.db"
    engine = open_database(url)
    upgrade(engine)
    import_content(engine, read_checked(Path("data/knowledge")))
    engine.dispose()
    return url
