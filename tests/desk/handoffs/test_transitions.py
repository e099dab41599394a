"""What staff do with a handoff: what is possible in which state, and who wins."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from desk import audit, handoffs
from desk.errors import FormInvalid, HandoffChanged, HandoffNotFound, TransitionRefused
from desk.models import STATES, AuditEntry, Delivery, Handoff, Staff
from tests.desk.handoffs.office import NOON, Office

LATER = NOON + timedelta(hours=2)
Verb = Callable[..., Handoff]
ARGUMENTS: dict[Verb, dict[str, Any]] = {
    handoffs.claim: {},
    handoffs.release: {},
    handoffs.snooze: {"until": LATER},
    handoffs.resolve: {"outcome": "called"},
    handoffs.hand_back: {},
    handoffs.reopen: {},
    handoffs.mark_called: {},
}
ALLOWED: dict[tuple[str, Verb], str] = {
    ("waiting", handoffs.claim): "claimed",
    ("waiting", handoffs.snooze): "snoozed",
    ("waiting", handoffs.resolve): "resolved",
    ("waiting", handoffs.hand_back): "resolved",
    ("waiting", handoffs.mark_called): "waiting",
    ("claimed", handoffs.release): "waiting",
    ("claimed", handoffs.snooze): "snoozed",
    ("claimed", handoffs.resolve): "resolved",
    ("claimed", handoffs.hand_back): "resolved",
    ("claimed", handoffs.mark_called): "claimed",
    ("snoozed", handoffs.claim): "claimed",
    ("snoozed", handoffs.release): "waiting",
    ("snoozed", handoffs.resolve): "resolved",
    ("snoozed", handoffs.hand_back): "resolved",
    ("snoozed", handoffs.mark_called): "snoozed",
    ("resolved", handoffs.reopen): "waiting",
}
WAY: dict[str, Verb | None] = {"waiting": None, "claimed": handoffs.claim, "snoozed": handoffs.snooze, "resolved": handoffs.resolve}


def in_state(office: Office, state: str, by: Staff | None = None) -> str:
    handoff_id = office.file()
    verb = WAY[state]
    if verb:
        office.act(verb, handoff_id, by, **ARGUMENTS[verb])
    return handoff_id


def last_entry(office: Office) -> AuditEntry:
    return office.do(lambda session: session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one())


def test_verbs_change_the_state_where_they_may(office: Office) -> None:
    for (state, verb), then in ALLOWED.items():
        handoff_id = in_state(office, state)
        before = office.get(handoff_id).version
        after = office.act(verb, handoff_id, version=before, **ARGUMENTS[verb])
        assert (after.state, after.version) == (then, before + 1), (state, verb)
        entry = last_entry(office)
        assert (entry.staff_id, entry.object_id) == (office.nurse.id, handoff_id)
        assert (entry.details["from"], entry.details["to"], entry.details["version"]) == (state, after.state, after.version)


def test_verbs_are_refused_elsewhere(office: Office) -> None:
    refused = [(state, verb) for state in STATES for verb in ARGUMENTS if (state, verb) not in ALLOWED]
    assert len(refused) == 12
    for state, verb in refused:
        handoff_id = in_state(office, state, office.clerk)
        before, noted = office.get(handoff_id), office.actions()
        with pytest.raises((TransitionRefused, HandoffChanged)) as caught:
            office.act(verb, handoff_id, **ARGUMENTS[verb])
        assert caught.value.state == state
        assert state in str(caught.value) or "Carl Clerk has taken" in str(caught.value)
        assert (office.get(handoff_id).version, office.actions()) == (before.version, noted)


def test_unknown_handoff_is_refused(office: Office) -> None:
    for verb in ARGUMENTS:
        for unknown in ("", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "x" * 500):
            with pytest.raises(HandoffNotFound):
                office.act(verb, unknown, **ARGUMENTS[verb])


def test_old_page_changes_nothing(office: Office) -> None:
    handoff_id = office.file()
    office.act(handoffs.mark_called, handoff_id)
    for verb in ARGUMENTS:
        with pytest.raises(HandoffChanged):
            office.act(verb, handoff_id, version=1, **ARGUMENTS[verb])
    assert (office.get(handoff_id).version, office.get(handoff_id).state) == (2, "waiting")


def test_claim_says_who_has_it(office: Office) -> None:
    handoff_id = in_state(office, "claimed", office.clerk)
    with pytest.raises(HandoffChanged) as caught:
        office.act(handoffs.claim, handoff_id)
    assert (caught.value.state, caught.value.by) == ("claimed", "Carl Clerk")
    assert str(caught.value) == "Carl Clerk has taken this handoff."


def test_claim_twice_by_one_person_is_one_claim(office: Office) -> None:
    handoff_id = office.file()
    first = office.act(handoffs.claim, handoff_id, version=1)
    again = office.act(handoffs.claim, handoff_id, version=1)
    assert (again.version, again.claimed_by) == (first.version, office.nurse.id)
    assert office.actions() == ["handoff.filed", "handoff.claimed"]


def race(office: Office, handoff_id: str, version: int | None) -> list[HandoffChanged | Handoff]:
    start = Barrier(2)

    def claim(by: Staff) -> HandoffChanged | Handoff:
        start.wait()
        try:
            return office.act(handoffs.claim, handoff_id, by, version=version)
        except HandoffChanged as lost:
            return lost

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(claim, (office.nurse, office.clerk)))


@pytest.mark.slow
@pytest.mark.parametrize("version", [None, 1])
def test_of_two_claims_at_once_one_wins_and_the_other_is_told(office: Office, version: int | None) -> None:
    for _ in range(100):
        handoff_id = office.file()
        results = race(office, handoff_id, version)
        lost = [result for result in results if isinstance(result, HandoffChanged)]
        assert len(lost) == 1
        holder = office.nurse if results[1] is lost[0] else office.clerk
        assert office.get(handoff_id).claimed_by == holder.id
        assert lost[0].by == holder.name
    assert office.actions().count("handoff.claimed") == 100
    assert office.do(audit.verify) == []


def test_events_follow_the_handoff_in_order(office: Office) -> None:
    handoff_id = office.file()
    for verb in (handoffs.claim, handoffs.release, handoffs.claim, handoffs.mark_called, handoffs.resolve, handoffs.reopen):
        office.act(verb, handoff_id, **ARGUMENTS[verb])
    rows = select(Delivery.target, Delivery.number, Delivery.event).order_by(Delivery.target, Delivery.number)
    events = [tuple(row) for row in office.do(lambda session: session.execute(rows).all())]
    assert events == [
        ("email", 1, "handoff.created"),
        ("email", 6, "handoff.reopened"),
        ("webhook", 1, "handoff.created"),
        ("webhook", 2, "handoff.claimed"),
        ("webhook", 3, "handoff.released"),
        ("webhook", 4, "handoff.claimed"),
        ("webhook", 5, "handoff.resolved"),
        ("webhook", 6, "handoff.reopened"),
    ]


def test_events_go_only_where_the_handoff_was_announced(office: Office) -> None:
    handoff_id = office.file(targets=("webhook",))
    office.act(handoffs.resolve, handoff_id, outcome="booked")
    office.act(handoffs.reopen, handoff_id)
    assert office.do(lambda session: set(session.scalars(select(Delivery.target)))) == {"webhook"}


def test_resolved_handoff_keeps_who_did_it_and_reopened_one_waits_for_everybody(office: Office) -> None:
    handoff_id = in_state(office, "claimed")
    resolved = office.act(handoffs.resolve, handoff_id, outcome="booked")
    assert (resolved.outcome, resolved.claimed_by, resolved.resolved_at) == ("booked", office.nurse.id, NOON)
    reopened = office.act(handoffs.reopen, handoff_id)
    assert (reopened.outcome, reopened.claimed_by, reopened.resolved_at, reopened.reopened_count) == (None, None, None, 1)


def test_hand_back_is_an_outcome(office: Office) -> None:
    assert office.act(handoffs.hand_back, office.file()).outcome == "handed_back"


def test_snoozed_handoff_keeps_its_holder_and_wakes_for_everybody(office: Office) -> None:
    handoff_id = in_state(office, "claimed")
    snoozed = office.act(handoffs.snooze, handoff_id, until=LATER)
    assert (snoozed.claimed_by, snoozed.snoozed_until) == (office.nurse.id, LATER)
    assert office.do(handoffs.wake_snoozed, LATER - timedelta(seconds=1)) == []
    assert office.do(handoffs.wake_snoozed, LATER) == [handoff_id]
    assert office.do(handoffs.wake_snoozed, LATER) == []
    woken = office.get(handoff_id)
    assert (woken.state, woken.claimed_by, woken.snoozed_until) == ("waiting", None, None)
    assert office.actions()[-1] == "handoff.woken"


def test_alarm_may_ring_again_for_what_is_back_in_the_queue(office: Office) -> None:
    handoff_id = in_state(office, "claimed")
    office.do(lambda session: setattr(session.get(Handoff, handoff_id), "alarmed_at", NOON))
    assert office.act(handoffs.release, handoff_id).alarmed_at is None


@pytest.mark.parametrize(
    ("verb", "values"), [(handoffs.snooze, {"until": NOON}), (handoffs.resolve, {"outcome": "gone"})], ids=["snooze", "resolve"]
)
def test_form_with_a_wrong_value_changes_nothing(office: Office, verb: Verb, values: dict[str, Any]) -> None:
    handoff_id = office.file()
    with pytest.raises(FormInvalid) as caught:
        office.act(verb, handoff_id, **values)
    assert caught.value.field in values
    assert office.get(handoff_id).version == 1


def test_note_is_kept_in_every_state_and_leaves_open_pages_good(office: Office) -> None:
    handoff_id = in_state(office, "resolved")
    version = office.get(handoff_id).version
    note = office.do(handoffs.note, handoff_id, by=office.nurse, text=" rang\x00 twice \n\nno answer", at=NOON)
    assert note.text == "rang twice\nno answer"
    assert office.get(handoff_id).version == version
    entry = last_entry(office)
    assert (entry.action, entry.details) == ("handoff.noted", {})


@pytest.mark.parametrize("text", ["", " \n\t", "x" * 2001])
def test_note_that_says_nothing_or_too_much_is_refused(office: Office, text: str) -> None:
    with pytest.raises(FormInvalid):
        office.do(handoffs.note, office.file(), by=office.nurse, text=text, at=NOON)


def test_only_the_first_reply_counts(office: Office) -> None:
    handoff_id = in_state(office, "claimed")
    for at in (NOON, LATER):
        office.do(handoffs.first_reply, handoff_id, by=office.nurse, at=at)
    handoff = office.get(handoff_id)
    assert (handoff.first_reply_at, handoff.version) == (NOON, 2)
    assert office.actions().count("handoff.first_replied") == 1
    with pytest.raises(HandoffNotFound):
        office.do(handoffs.first_reply, "none", by=office.nurse, at=NOON)


def _append(session: Session) -> None:
    audit.append(session, staff_id=None, action="test.done", object_kind="test", object_id="1")


def test_two_that_lock_rows_in_different_order_do_not_block_each_other_through_the_chain(office: Office) -> None:
    """One appends before it waits for a row, the other while it holds that row."""
    first, second = office.file(), office.file()
    if office.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer")
    with office.session() as one, office.session() as other:
        for session, handoff_id in ((one, first), (other, second)):
            session.execute(text("SET LOCAL lock_timeout = '5s'"))
            session.execute(update(Handoff).where(Handoff.id == handoff_id).values(topic="x"))
            _append(session)
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(one.execute, update(Handoff).where(Handoff.id == second).values(topic="y"))
            other.commit()
            waiting.result(timeout=10)
        one.commit()
    assert office.do(audit.verify) == []
