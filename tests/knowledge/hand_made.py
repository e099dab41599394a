"""A search over a hand-made index, with the real code, words alone and weights that a person can follow."""

from functools import cache

import numpy as np

from knowledge.building import Materials, build_search
from knowledge.features import FEATURES
from knowledge.index import Candidate
from knowledge.published import Published, PublishedAnswer
from knowledge.ranking import RankingModel, Thresholds, confidence_features
from knowledge.search import Search
from language.lexicon import Lexicon
from language.terms import TermGroup, TermMatcher
from tests.knowledge.small import make_answer

GROUPS = (
    TermGroup("procedure", "gracilis", ("gracilis", "gracilis muscle transfer")),
    TermGroup("procedure", "temporalis", ("temporalis", "temporalis transfer")),
    TermGroup("procedure", "eyelid-weight", ("eyelid weight", "gold weight")),
    TermGroup("procedure", "facial-reanimation", ("facial reanimation",)),
    TermGroup("insurer", "aetna", ("aetna",)),
)

ANSWERS = (
    make_answer("stay/gracilis", "How long is the hospital stay after gracilis?", "A night or two.", ["nights in hospital"], ("gracilis",)),
    make_answer("stay/temporalis", "How long is the stay after temporalis?", "One night.", ["hospital nights"], ("temporalis",)),
    make_answer("recovery/gracilis", "How long is recovery after gracilis?", "Some weeks.", ["weeks off work"], ("gracilis",)),
    make_answer("recovery/temporalis", "How long is recovery after temporalis?", "Two weeks.", ["work after weeks"], ("temporalis",)),
    make_answer("risks/scars", "Will I have scars?", "A thin line.", ["does it leave a scar", "scars on my cheek"]),
    make_answer("anesthesia/general", "Will I be asleep?", "Yes, you will.", ["is it done under anesthesia"]),
)

CLASSES = (
    Candidate("ask_price", is_answer=False, topic="", procedures=frozenset(), phrasings=("how much does it cost", "price"), sentences=()),
    Candidate("noise", is_answer=False, topic="", procedures=frozenset(), phrasings=("asdf", "qwertz"), sentences=()),
)

WEIGHTS = {
    "answer:words": 12.0,
    "answer:words_mean": 4.0,
    "answer:named": 4.0,
    "answer:named_other": -4.0,
    "answer:assumed": 4.0,
    "answer:loosely_assumed": 2.0,
    "answer:assumed_topic": 4.0,
    "answer:context_topic": 1.0,
    "class:words": 12.0,
    "class:words_mean": 4.0,
    "class:hint_own": 3.0,
}


def hand_made_model(**thresholds: float) -> RankingModel:
    """Return a model with a chance of 0.5 where the first candidate holds a third of the belief."""
    features = np.zeros((3, len(FEATURES)), dtype=np.float32)
    confidence = np.zeros(len(confidence_features(np.array([0.5, 0.3, 0.2]), features)))
    confidence[:2] = 3 * np.log(3), 3.0
    weights = tuple(WEIGHTS.get(name, 0.0) for name in FEATURES)
    return RankingModel(
        weights, tuple(confidence), Thresholds(**({"answer": 0.5, "clarify": 0.3, "refuse": 0.5, "both": 0.5} | thresholds))
    )


def hand_made_published(answers: tuple[PublishedAnswer, ...] = ANSWERS) -> Published:
    """Return a release of `answers`."""
    procedures = {"gracilis": "Gracilis muscle transfer", "temporalis": "Temporalis transfer", "eyelid-weight": "Eyelid weight"}
    topics = {topic: topic.capitalize() for topic in ("stay", "recovery", "risks", "anesthesia")}
    return Published(1, answers, procedures, topics, dict.fromkeys(procedures))


def hand_made_materials(model: RankingModel | None = None) -> Materials:
    """Return what the release is searched with: no encoder, no file is read."""
    return Materials(
        classes=CLASSES,
        groups=GROUPS,
        matcher=TermMatcher(GROUPS),
        lexicon=Lexicon({"ask_price": ["dollars"]}),
        shorthand={"op": "operation"},
        encoder=None,
        model=model or hand_made_model(),
    )


@cache
def hand_made_search(answers: tuple[PublishedAnswer, ...] = ANSWERS, model: RankingModel | None = None) -> Search:
    """Return the search over `answers`."""
    return build_search(hand_made_published(answers), hand_made_materials(model))
