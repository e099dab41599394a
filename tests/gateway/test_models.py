from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.command import downgrade
from alembic.runtime.migration import MigrationContext
from sqlalchemy import UniqueConstraint, inspect

import gateway.models
import knowledge.models  # noqa: F401  registers the tables
from database.base import Base
from database.engine import open_database
from database.migrate import _config, upgrade

OURS = [mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__module__ == gateway.models.__name__]
TABLES = [Base.metadata.tables[model.__tablename__] for model in OURS]


def test_every_column_is_classed_as_personal_or_not() -> None:
    assert len(TABLES) == 6
    assert [f"{table.name}.{column.name}" for table in TABLES for column in table.columns if "personal" not in column.info] == []


def test_migrations_make_these_tables(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/new.db")
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        names = {table.name for table in TABLES}
        found = [change for change in compare_metadata(context, Base.metadata) if getattr(change[-1], "name", None) in names]
    engine.dispose()
    assert found == []


def test_migration_can_be_taken_back(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/new.db")
    upgrade(engine)
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        downgrade(config, "0001")
    assert "messages" not in inspect(engine).get_table_names()
    engine.dispose()


def test_every_foreign_key_of_a_growing_table_has_an_index() -> None:
    for table in TABLES:
        leading = {next(iter(index.columns)).name for index in table.indexes}
        leading |= {next(iter(item.columns)).name for item in table.constraints if isinstance(item, UniqueConstraint)}
        assert {key.parent.name for key in table.foreign_keys} <= leading
