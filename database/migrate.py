"""Brings the tables up to date with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from database.errors import SchemaOutdated

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Create or upgrade all tables; does nothing when they are up to date.

    Raises:
        SchemaOutdated: a newer program has already changed this database.
    """
    config = _config()
    with engine.begin() as connection:
        _refuse_unknown(MigrationContext.configure(connection).get_current_revision(), config)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check(engine: Engine) -> None:
    """Refuse a database whose tables do not fit this program.

    Raises:
        SchemaOutdated: with the command that mends it.
    """
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    config = _config()
    _refuse_unknown(current, config)
    if current != ScriptDirectory.from_config(config).get_current_head():
        raise SchemaOutdated("The database is not prepared for this version. Run: make migrate")


def _refuse_unknown(revision: str | None, config: Config) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise SchemaOutdated(f"The database was changed by a newer version (revision {revision}). Start that version, or restore a copy.")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
