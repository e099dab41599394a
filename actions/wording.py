"""What the actions say word for word, from data/replies.yml."""

from __future__ import annotations

from pathlib import Path
from string import Formatter
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from rasa_sdk.executor import CollectingDispatcher

from actions.errors import WordingInvalid
from knowledge.clinic import Clinic

FACTS = ("phone", "emergency_number")
"""Of the clinic, for every reply."""

SAID = ("opening", "value", "title")
"""What an action puts into a reply."""


class Reply(BaseModel):
    """A fixed reply and its kind of message (docs/api.md)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = Field(min_length=1)
    text: str = Field(min_length=1)


class Wording:
    """All fixed replies by name, with the clinic's facts."""

    def __init__(self, replies: dict[str, Reply], clinic: Clinic | None = None) -> None:
        self.replies = replies
        self._facts = {name: getattr(clinic, name) for name in FACTS} if clinic else {}

    def text(self, name: str, **said: str) -> str:
        """Return the text of the reply with `name`."""
        return " ".join(self.replies[name].text.format(**self._facts, **said).split(" ")).strip()

    def say(
        self,
        dispatcher: CollectingDispatcher,
        name: str,
        *,
        buttons: list[dict[str, str]] | None = None,
        custom: dict[str, Any] | None = None,
        **said: str,
    ) -> None:
        """Say the reply with `name`. `said` fills its braces, `custom` goes beside its kind."""
        message = {"kind": self.replies[name].kind} | (custom or {})
        dispatcher.utter_message(text=self.text(name, **said), buttons=buttons or [], json_message=message)


def read_wording(path: Path, clinic: Clinic | None = None) -> Wording:
    """Read the replies.

    Raises:
        WordingInvalid: the file is missing or malformed, or a reply has braces that nothing fills.
    """
    try:
        replies = TypeAdapter(dict[str, Reply]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
        for name, reply in replies.items():
            _check_braces(name, reply.text)
    except (OSError, ValueError, yaml.YAMLError) as error:  # ValueError: pydantic's, and text that is no UTF-8
        raise WordingInvalid(f"{path} cannot be used: {error}") from error
    return Wording(replies, clinic)


def _check_braces(name: str, text: str) -> None:
    unknown = {field for _, field, _, _ in Formatter().parse(text) if field is not None} - {*FACTS, *SAID}
    if unknown:
        raise ValueError(f"{name}: nothing fills {{{', '.join(sorted(unknown))}}}")
