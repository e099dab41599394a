"""The migrations lead to the tables that the models describe."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from database.base import Base
from database.migrate import _config
from desk import models as desk  # noqa: F401
from gateway import models as conversations  # noqa: F401
from knowledge import models as knowledge  # noqa: F401


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(_config()).get_heads()) == 1


def test_tables_match_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
