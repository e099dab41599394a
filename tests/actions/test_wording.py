"""What is said word for word, and files that cannot be used."""

from pathlib import Path

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.errors import WordingInvalid
from actions.wording import read_wording


def test_reply_is_said_with_its_kind() -> None:
    dispatcher = CollectingDispatcher()
    read_wording(Path("data/replies.yml")).say(dispatcher, "not_covered")
    [message] = dispatcher.messages
    assert message["custom"] == {"kind": "not_covered"}
    assert message["text"].startswith("I am not sure about that")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"greet: {kind: x}",
        b"[broken",
        b"- a",
        b"a: {kind: x, text: y, colour: z}",
        b"a: {kind: '', text: y}",
        b"caf\xe9: 1",
        b"a: {kind: x, text: '{nobody}'}",
    ],
)
def test_broken_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "replies.yml").write_bytes(content)
    with pytest.raises(WordingInvalid, match="replies.yml"):
        read_wording(tmp_path / "replies.yml")
