"""`python -m actions` runs the action server."""

import logging
import sys

import uvicorn
from pydantic import ValidationError

from actions.errors import ActionError
from actions.server import create_app
from actions.settings import ActionSettings
from database.errors import DatabaseError
from knowledge.errors import KnowledgeError
from language.errors import LanguageError


def main() -> int:
    """Serve until stopped; the exit status is 1, after a sentence on what to do, when something that it needs cannot be used."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for chatty in ("alembic", "rasa_sdk"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        settings = ActionSettings()
    except ValidationError as error:
        print(f"The action server's settings are wrong (docs/configuration.md):\n{error}", file=sys.stderr)
        return 1
    try:
        app = create_app(settings)
    except (ActionError, DatabaseError, KnowledgeError, LanguageError) as error:
        print(error, file=sys.stderr)
        return 1
    uvicorn.run(app, host=settings.actions_host, port=settings.actions_port, log_level="warning")
    return 0


if __name__ == "__main__":
    sys.exit(main())
