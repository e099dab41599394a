"""`python -m database` creates or upgrades the tables."""

import sys

from database.engine import open_database
from database.errors import DatabaseError
from database.migrate import upgrade
from database.settings import DatabaseSettings


def main() -> int:
    """Return 1, with what to do, when the database cannot be used."""
    try:
        upgrade(open_database(DatabaseSettings().database_url))
    except DatabaseError as error:
        print(error, file=sys.stderr)
        return 1
    print("The database is up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
