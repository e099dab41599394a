"""Verdicts of a reader, set beside the replies."""

from typing import Any

from evaluation.read_replies import counted, read_reply, report

ENTRY = {"id": "R1", "question": "will it hurt?"}
VERDICTS = {"R1": {"answer recovery/pain": ["right", "says so"]}}


def reply(kind: str, answer_id: str | None = None) -> dict[str, Any]:
    return {"kind": kind, "answer": {"id": answer_id} if answer_id else None}


def test_reply_that_was_read_has_its_verdict() -> None:
    read = read_reply(ENTRY, [reply("answer", "recovery/pain")], VERDICTS)
    assert (read.verdict, read.why) == ("right", "says so")


def test_other_reply_is_unread() -> None:
    assert read_reply(ENTRY, [reply("answer", "risks/general")], VERDICTS).verdict == "unread"
    assert read_reply({"id": "R2", "question": "?"}, [reply("clarify")], VERDICTS).verdict == "unread"


def test_offer_after_a_reply_is_not_part_of_it() -> None:
    assert read_reply(ENTRY, [reply("not_covered"), reply("handoff")], VERDICTS).reply == "not_covered"


def test_page_counts_and_lists() -> None:
    read = [read_reply(ENTRY, [reply("answer", "recovery/pain")], VERDICTS), read_reply(ENTRY, [reply("clarify")], VERDICTS)]
    assert "| right | 1 |" in "\n".join(counted(read))
    assert "| unread | 1 |" in "\n".join(counted(read))
    assert "| R1 | will it hurt? | clarify | unread |  |" in report("x.jsonl", read)
