"""Writes a stock Rasa 3.6 assistant: Rasa's default pipeline and policies, on the same knowledge as ours.

Each answer is a retrieval intent `faq/<id>` with all its phrasings; each out-of-scope class and each intent of the conversation
has a fixed reply; a rule for each. No action server, the `rest` channel, no setting changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from evaluation.benchmark.material import Entry

FOLDER = Path(".cache/stock")
REPLIES = "replies.json"
FALLBACK = "I did not understand that. Could you say it in other words?"
STORIES = (("greet", "faq", "thank"), ("greet", "faq", "faq", "goodbye"), ("faq", "request_person"))
"""The learned policies want a few; `rasa init` has three as well."""

_MARKUP = re.compile(r"[\[\](){}\\]")


def pipeline(epochs: int) -> list[dict[str, Any]]:
    """Return Rasa 3.6's default pipeline. Source: rasa/engine/recipes/config_files/default_config.yml of 3.6.21."""
    return [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True},
        {"name": "EntitySynonymMapper"},
        {"name": "ResponseSelector", "epochs": epochs, "constrain_similarities": True},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ]


def policies(epochs: int) -> list[dict[str, Any]]:
    """Return Rasa 3.6's default policies, from the same file."""
    return [
        {"name": "MemoizationPolicy"},
        {"name": "RulePolicy"},
        {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": epochs},
        {"name": "TEDPolicy", "max_history": 5, "epochs": epochs, "constrain_similarities": True},
    ]


def write_project(folder: Path, material: Sequence[Entry], *, epochs: int) -> None:
    """Write all files of the assistant to `folder`, and what its replies are to `replies.json`."""
    fixed = [entry.id for entry in material if not entry.is_answer]
    files: dict[str, dict[str, Any]] = {
        "config.yml": {
            "recipe": "default.v1",
            "assistant_id": "stock",
            "language": "en",
            "pipeline": pipeline(epochs),
            "policies": policies(epochs),
        },
        "domain.yml": _domain(material, fixed),
        "credentials.yml": {"rest": None},
        "data/nlu.yml": {"version": "3.1", "nlu": [_examples(entry) for entry in material]},
        "data/rules.yml": {"version": "3.1", "rules": [_rule(intent) for intent in [*fixed, "faq"]] + [_fallback_rule()]},
        "data/stories.yml": {"version": "3.1", "stories": _stories({*fixed, "faq"})},
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000), encoding="utf-8")
    (folder / "endpoints.yml").write_text("# none: trackers and locks are kept in memory\n", encoding="utf-8")
    (folder / REPLIES).write_text(json.dumps(_replies(material)), encoding="utf-8")


def response_key(answer_id: str) -> str:
    """Return the retrieval intent of an answer; a second slash would split it once more."""
    return f"faq/{answer_id.replace('/', '__')}"


def _domain(material: Sequence[Entry], fixed: Sequence[str]) -> dict[str, Any]:
    responses = {f"utter_{_name(entry)}": [{"text": _safe(entry.text)}] for entry in material}
    return {
        "version": "3.1",
        "intents": [*fixed, "faq"],
        "responses": responses | {"utter_default": [{"text": FALLBACK}]},
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


def _name(entry: Entry) -> str:
    return response_key(entry.id) if entry.is_answer else entry.id


def _examples(entry: Entry) -> dict[str, str]:
    lines = filter(None, (_MARKUP.sub(" ", phrasing).lstrip("/ ").strip() for phrasing in entry.phrasings))
    return {"intent": _name(entry), "examples": "".join(f"- {line}\n" for line in lines)}


def _rule(intent: str) -> dict[str, Any]:
    return {"rule": f"Reply to {intent}", "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]}


def _fallback_rule() -> dict[str, Any]:
    return {"rule": "Ask again", "steps": [{"intent": "nlu_fallback"}, {"action": "utter_default"}]}


def _stories(known: set[str]) -> list[dict[str, Any]]:
    return [_story(intents) for intents in STORIES if known.issuperset(intents)]


def _story(intents: Sequence[str]) -> dict[str, Any]:
    steps = [step for intent in intents for step in ({"intent": intent}, {"action": f"utter_{intent}"})]
    return {"story": ", then ".join(intents), "steps": steps}


def _safe(text: str) -> str:
    """Rasa takes braces for slots."""
    return text.replace("{", "(").replace("}", ")")


def _replies(material: Sequence[Entry]) -> dict[str, dict[str, str]]:
    known = {_name(entry): {"kind": entry.kind, "text": _safe(entry.text)} for entry in material}
    return known | {"default": {"kind": "not_covered", "text": FALLBACK}}
