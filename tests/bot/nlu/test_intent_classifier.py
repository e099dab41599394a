from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import intent_classifier
from bot.nlu.intent_classifier import IntentClassifier
from language.encoder import DIMENSIONS
from language.errors import EncoderUnavailable

EXAMPLES = {
    "greet": ["hello", "hi", "good morning", "hey there", "hello to you"],
    "thank": ["thank you", "thanks a lot", "many thanks", "thanks so much", "thank you very much"],
    "ask_recovery": [
        "how long is recovery",
        "when can I work again",
        "recovery time",
        "how many weeks to recover",
        "how long until I recover",
    ],
    "request_person": ["talk to a person", "I want a human", "connect me to staff", "a real person please", "speak to a human"],
}
UNSEEN = {
    "hello there": "greet",
    "thanks very much": "thank",
    "what is the recovery time": "ask_recovery",
    "a human please": "request_person",
}


class WordEncoder:
    """Stands in for the sentence encoder: a sum of one fixed vector for each word, length 1."""

    name = "words"

    def encode(self, text: str) -> np.ndarray:
        total = np.ones(DIMENSIONS, dtype=np.float32) * 1e-3
        for word in text.lower().split():
            total += np.random.default_rng(sum(map(ord, word))).normal(size=DIMENSIONS).astype(np.float32)
        return total / np.linalg.norm(total)


def no_encoder() -> WordEncoder:
    raise EncoderUnavailable("not built")


@pytest.fixture(params=["with encoder", "without encoder"])
def encoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    monkeypatch.setenv("FRONTDESK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(intent_classifier, "load_encoder", WordEncoder if request.param == "with encoder" else no_encoder)
    yield request.param


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    (tmp_path / "storage").mkdir()
    return LocalModelStorage(tmp_path / "storage")


@pytest.fixture
def trained(encoder: str, storage: LocalModelStorage) -> IntentClassifier:
    examples = [Message.build(text=text, intent=intent) for intent, texts in EXAMPLES.items() for text in texts]
    classifier = create(storage)
    assert classifier.train(TrainingData(examples)) == Resource("intents")
    return load(storage)


def create(storage: LocalModelStorage) -> IntentClassifier:
    return IntentClassifier.create(IntentClassifier.get_default_config(), storage, Resource("intents"), ExecutionContext(GraphSchema({})))


def load(storage: LocalModelStorage, **config: Any) -> IntentClassifier:
    context = ExecutionContext(GraphSchema({}))
    return IntentClassifier.load(IntentClassifier.get_default_config() | config, storage, Resource("intents"), context)


def process(classifier: IntentClassifier, text: str | None) -> Message:
    message = Message({TEXT: text})
    assert classifier.process([message]) == [message]
    return message


@pytest.mark.parametrize(("text", "intent"), UNSEEN.items())
def test_classifier_tells_unseen_messages_after_loading(trained: IntentClassifier, text: str, intent: str) -> None:
    message = process(trained, text)
    assert message.get(INTENT)["name"] == intent
    assert message.get("intent_ranking")[0] == message.get(INTENT)


def test_ranking_holds_each_intent_with_its_chance(trained: IntentClassifier) -> None:
    ranking = process(trained, "hello").get("intent_ranking")
    chances = [entry["confidence"] for entry in ranking]
    assert {entry["name"] for entry in ranking} == set(EXAMPLES)
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) == pytest.approx(1.0, abs=1e-5)
    assert all(isinstance(chance, float) for chance in chances)


@pytest.mark.parametrize("text", ["🙂🙂🙂", "?", "a" * 1000, "\u200b", "zxqv", "Здравствуйте"])
def test_classifier_bears_any_text(trained: IntentClassifier, text: str) -> None:
    assert 0 <= process(trained, text).get(INTENT)["confidence"] <= 1


@pytest.mark.parametrize("text", ["", None])
def test_classifier_names_no_intent_for_no_text(trained: IntentClassifier, text: str | None) -> None:
    message = process(trained, text)
    assert message.get(INTENT) == {"name": None, "confidence": 0.0}
    assert message.get("intent_ranking") == []


def test_untrained_classifier_names_no_intent(encoder: str, storage: LocalModelStorage) -> None:
    assert process(create(storage), "hello").get(INTENT)["name"] is None


def test_higher_temperature_makes_it_less_sure(trained: IntentClassifier, storage: LocalModelStorage) -> None:
    sure, unsure = (process(load(storage, temperature=each), "hello").get(INTENT)["confidence"] for each in (0.5, 5.0))
    assert unsure < process(trained, "hello").get(INTENT)["confidence"] < sure


def test_model_trained_with_the_encoder_works_without_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, storage: LocalModelStorage
) -> None:
    monkeypatch.setenv("FRONTDESK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(intent_classifier, "load_encoder", WordEncoder)
    create(storage).train(TrainingData([Message.build(text=text, intent=name) for name, texts in EXAMPLES.items() for text in texts]))
    monkeypatch.setattr(intent_classifier, "load_encoder", no_encoder)
    assert process(load(storage), "thank you so much").get(INTENT)["name"] == "thank"


def test_examples_without_text_are_left_out(encoder: str, storage: LocalModelStorage) -> None:
    examples = [Message.build(text=text, intent=intent) for intent, texts in EXAMPLES.items() for text in texts]
    create(storage).train(TrainingData([*examples, Message({INTENT: "greet", TEXT: ""})]))
    assert process(load(storage), "thanks").get(INTENT)["name"] == "thank"


def test_fingerprint_changes_with_the_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: after the encoder was replaced, Rasa took the old classifier from its cache."""
    monkeypatch.setattr(intent_classifier, "load_encoder", WordEncoder)
    with_words = IntentClassifier.fingerprint_addon({})
    assert IntentClassifier.fingerprint_addon({}) == with_words
    monkeypatch.setattr(intent_classifier, "load_encoder", no_encoder)
    assert IntentClassifier.fingerprint_addon({}) != with_words
