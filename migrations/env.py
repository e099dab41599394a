"""Alembic's entry point: runs the migrations on the connection that `database.migrate` gives it."""

from alembic import context

from database.base import Base
from desk import models as desk  # noqa: F401  registers the tables
from gateway import models as conversations  # noqa: F401  registers the tables
from knowledge import models as knowledge  # noqa: F401  registers the tables

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
