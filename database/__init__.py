"""One home for the engine, sessions and migrations: SQLite (WAL) by default, PostgreSQL by URL."""
