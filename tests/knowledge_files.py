"""Small, valid knowledge files to start from."""

import shutil
from collections.abc import Callable
from pathlib import Path

import yaml

PHRASINGS = [
    "how long is recovery",
    "when can i work again",
    "weeks until normal life",
    "healing time please",
    "back to my job when",
    "how soon am i fit",
    "days off needed",
    "is it a long recuperation",
    "until i feel fine how many weeks",
    "resting at home for how long",
]
SOURCE = {"title": "A page", "url": "https://example.org/page", "read_on": "2026-11-21"}
LISTS: dict[str, object] = {
    "topics": [{"id": "recovery", "name": "Recovery", "terms": ["recovery"]}],
    "procedures": [
        {"id": "gracilis", "name": "Gracilis", "kind": "surgery", "parent": None, "terms": ["gracilis"], "not_to_confuse_with": []}
    ],
    "insurers": [],
    "sources": [{"id": "page", **SOURCE}],
    "facts": [{"id": "1", "statement": "It takes two to three weeks.", "source": "page"}],
}

MakeKnowledge = Callable[..., Path]


def answer_file(**changes: object) -> dict[str, object]:
    """Return a valid answer as it stands in a file, with `changes`."""
    return {
        "id": "recovery/general",
        "topic": "recovery",
        "procedures": [],
        "question": "How long is recovery?",
        "phrasings": PHRASINGS,
        "text": "It may take two to three weeks. Then you see your surgeon again.",
        "script": "It may take two to three weeks.",
        "facts": ["1"],
        "sources": [SOURCE],
        "reviewed_by": None,
        "reviewed_on": None,
        "review_due_on": "2027-05-21",
    } | changes


GRACILIS = answer_file(id="recovery/gracilis", procedures=["gracilis"], phrasings=[f"{each} after gracilis" for each in PHRASINGS])


def write_knowledge(folder: Path, *answers: dict[str, object], **lists: object) -> Path:
    """Write knowledge files with the given answers into `folder`, in place of what was there, and return it."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in (LISTS | lists).items():
        write_yaml(folder / f"{name}.yml", content)
    for answer in answers or (answer_file(),):
        write_yaml(folder / "answers" / f"{answer['id']}.yml", answer)
    return folder


def write_yaml(path: Path, content: object) -> None:
    """Write `content` as YAML; a text is written as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
