"""Tells the intent of a message: a linear classifier on its sentence vector and its words. Trains in seconds."""

from __future__ import annotations

import hashlib
import inspect
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from language import intents, softmax
from language.encoder import Encoder, load_encoder
from language.errors import EncoderUnavailable
from language.intents import IntentModel, fit
from language.vectors import VectorCache

RANKING_LENGTH = 10
"""As many intents as Rasa's own classifiers report."""

INTENT_RANKING = "intent_ranking"
FILE = "intents.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):
    """Sets `intent` and `intent_ranking` with calibrated confidences."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            # Inverse strength of the regularisation. Source: docs/results/intents.md.
            "C": 10.0,
            # Divides the scores, so that a confidence is the chance of being right. Source: docs/results/intents.md.
            "temperature": 1.0,
        }

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, model: IntentModel | None = None) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._encoder = _encoder_or_none()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Make Rasa train again when the encoder or the fitting changes; it looks at this file alone by itself."""
        encoder = _encoder_or_none()
        vector = encoder.encode("How long does it take to smile again?").tobytes() if encoder else b""
        code = "".join(map(inspect.getsource, (intents, softmax)))
        return hashlib.sha256(vector + code.encode()).hexdigest()

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> IntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.read(folder / FILE))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts = [example.get(TEXT) for example in examples]
        vectors = VectorCache(self._encoder).encode_all(texts) if self._encoder else None
        self._model = fit(texts, [example.get(INTENT) for example in examples], vectors, strength=self._config["C"])
        with self._model_storage.write_to(self._resource) as folder:
            self._model.write(folder / FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._rank(message.get(TEXT) or "")
            message.set(INTENT, ranking[0] if ranking else {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}, add_to_output=True)
            message.set(INTENT_RANKING, ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def _rank(self, text: str) -> list[dict[str, Any]]:
        if self._model is None or not text:
            return []
        vector = self._encoder.encode(text) if self._encoder else None
        chances = self._model.chances(text, vector, temperature=self._config["temperature"])
        best = np.argsort(-chances, kind="stable")[:RANKING_LENGTH]
        return [{INTENT_NAME_KEY: self._model.intents[i], PREDICTED_CONFIDENCE_KEY: float(chances[i])} for i in best]


def _encoder_or_none() -> Encoder | None:
    """Without the encoder, the words alone tell the intent, less well. The action server warns about it."""
    try:
        return load_encoder()
    except EncoderUnavailable:
        return None
