"""A short run with kills, and faults that the checks must see."""

from dataclasses import replace

import pytest

from evaluation import processes, verify_handoffs
from evaluation.handoffs.checks import Stored, faults_of
from evaluation.handoffs.receivers import Received
from evaluation.handoffs.visitors import Told

REFERENCE = "FD-7K3M-9Q2C"
TOLD = [Told("request", "conversation", references=[REFERENCE, REFERENCE])]
STORED = Stored(
    references=[(("conversation", "request"), REFERENCE)],
    events={"event"},
    waiting=0,
    filed_entries=1,
    breaks=[],
    confirmations=[("conversation", "We call you.")],
)


def received(*references: str) -> Received:
    events = [{"event_id": "event", "event": "handoff.created", "handoff": {"reference": reference}} for reference in references]
    return Received(events=events, mails=[{reference} for reference in references])


def test_checks_find_nothing_when_a_handoff_came_twice_with_the_same_id() -> None:
    assert faults_of(TOLD, STORED, received(REFERENCE, REFERENCE)) == []


@pytest.mark.parametrize(
    ("stored", "fault"),
    [
        (replace(STORED, references=[], filed_entries=0), "exists 0 times"),
        (replace(STORED, references=STORED.references * 2, filed_entries=2), "was filed 2 times"),
        (replace(STORED, references=[(("conversation", "another"), REFERENCE)]), "belongs to another request"),
        (replace(STORED, confirmations=STORED.confirmations * 2), "confirms its handoff 2 times"),
        (replace(STORED, waiting=1), "1 deliveries are not marked as sent"),
        (replace(STORED, events=set()), "is not in the outbox"),
        (replace(STORED, filed_entries=2), "the audit has 2 entries"),
        (replace(STORED, breaks=["entry 3: changed"]), "entry 3: changed"),
    ],
)
def test_checks_name_what_is_lost_double_or_invented(stored: Stored, fault: str) -> None:
    assert any(fault in found for found in faults_of(TOLD, stored, received(REFERENCE)))


@pytest.mark.parametrize(
    ("came", "fault"),
    [(received(), "never came by webhook"), (received(), "never came by e-mail"), (received(REFERENCE, "FD-0000-0000"), "does not exist")],
)
def test_checks_name_what_was_not_delivered_or_never_filed(came: Received, fault: str) -> None:
    assert any(fault in found for found in faults_of(TOLD, STORED, came))


@pytest.mark.slow
@pytest.mark.end_to_end
def test_no_handoff_is_lost_when_processes_are_killed() -> None:
    if not processes.MODEL.exists():
        pytest.fail("There is no trained model. Run: make train")
    outcome = verify_handoffs.run(12, 4, seed=5)
    assert outcome.faults == []
    assert sum(outcome.kills.values()) == 4
    assert sum(bool(each.references) for each in outcome.told) == 12
