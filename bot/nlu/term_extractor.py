"""Finds procedures and insurers as entities, with spaCy, from the terms in the knowledge files."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from language.terms import FILES, FoundTerm, TermMatcher, read_groups


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TermExtractor(GraphComponent, EntityExtractorMixin):
    """Adds an entity for each term that a message names; its value is the id in the knowledge files."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # Folder with procedures.yml and insurers.yml, relative to where Rasa runs.
            "folder": "data/knowledge",
        }

    def __init__(self, matcher: TermMatcher) -> None:
        self._matcher = matcher

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> TermExtractor:
        return cls(TermMatcher(read_groups(Path(config["folder"]))))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Make Rasa train again when the terms change. Rasa also calls this with a config that lacks our keys."""
        folder = Path(config.get("folder", "data/knowledge"))
        content = b"".join((folder / name).read_bytes() for name in FILES.values() if (folder / name).exists())
        return hashlib.sha256(content).hexdigest()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = self._matcher.find(message.get(TEXT) or "")
            entities = self.add_extractor_name([_entity(term) for term in found])
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages


def _entity(term: FoundTerm) -> dict[str, Any]:
    return {
        ENTITY_ATTRIBUTE_TYPE: term.kind,
        ENTITY_ATTRIBUTE_VALUE: term.id,
        ENTITY_ATTRIBUTE_START: term.start,
        ENTITY_ATTRIBUTE_END: term.end,
    }
