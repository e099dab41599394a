"""What the actions say word for word, from data/replies.yml."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from rasa_sdk.executor import CollectingDispatcher

from actions.errors import WordingInvalid


class Reply(BaseModel):
    """A fixed reply and its kind of message (design 4.1)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = Field(min_length=1)
    text: str = Field(min_length=1)


class Wording:
    """All fixed replies by name."""

    def __init__(self, replies: dict[str, Reply]) -> None:
        self.replies = replies

    def say(self, dispatcher: CollectingDispatcher, name: str) -> None:
        """Say the reply with `name`."""
        reply = self.replies[name]
        dispatcher.utter_message(text=reply.text, json_message={"kind": reply.kind})


def read_wording(path: Path) -> Wording:
    """Read the replies.

    Raises:
        WordingInvalid: the file is missing or malformed.
    """
    try:
        return Wording(TypeAdapter(dict[str, Reply]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError, yaml.YAMLError) as error:  # ValueError: pydantic's, and text that is no UTF-8
        raise WordingInvalid(f"{path} cannot be used: {error}") from error
