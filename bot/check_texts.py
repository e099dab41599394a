"""`python -m bot.check_texts FILE` counts the texts that the installed Rasa would take as a command. FILE holds a list as JSON.

For tests and checks: the gateway's gate runs on another Python, so what it lets pass is brought here in a file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message


def is_command(text: str, domain: Domain) -> bool:
    """Say whether Rasa reads an intent in `text`, which it strips first as it does with what a channel brings."""
    message = Message({TEXT: UserMessage(text).text})
    return YAMLStoryReader.unpack_regex_message(message, domain).get(INTENT) is not None


def main() -> int:
    """Print how many texts there are and how many are commands; 1 when there is one."""
    domain = Domain.load("domain.yml")
    texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    commands = sum(is_command(text, domain) for text in texts)
    sys.stdout.write(f"{len(texts)} texts, {commands} commands\n")
    return 1 if commands else 0


if __name__ == "__main__":
    sys.exit(main())
