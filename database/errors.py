"""Errors of the database package.

DatabaseError
├── DatabaseUnavailable   the database cannot be opened or reached
└── SchemaOutdated        its tables are older or newer than this program
"""


class DatabaseError(Exception):
    """Root of everything that `database` raises."""


class DatabaseUnavailable(DatabaseError):
    """The database at a URL cannot be opened; the text says what to do."""


class SchemaOutdated(DatabaseError):
    """The tables do not fit this program; `make migrate` brings older ones up."""
