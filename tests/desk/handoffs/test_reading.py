"""The queue, what is due, and single handoffs."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from desk import handoffs
from desk.encryption import Sealer, new_key
from desk.errors import EncryptionKeyMissing, HandoffNotFound
from desk.wishes import Wishes
from tests.desk.handoffs.office import CONTACT, KEY, NOON, Office


def ids(rows: list[handoffs.QueueRow]) -> list[str]:
    return [row.id for row in rows]


def test_queue_shows_the_most_urgent_first_then_the_newest(office: Office) -> None:
    old = office.file()
    new = office.file(at=NOON + timedelta(minutes=5))
    urgent = office.file(urgency="urgent", at=NOON - timedelta(minutes=5))
    same_day = office.file(urgency="same_day")
    assert ids(office.do(handoffs.queue)) == [urgent, same_day, new, old]


def test_queue_leaves_out_what_is_resolved(office: Office) -> None:
    open_one, done = office.file(), office.file()
    office.act(handoffs.resolve, done, outcome="spam")
    assert ids(office.do(handoffs.queue)) == [open_one]
    assert ids(office.do(handoffs.queue, state="resolved")) == [done]


def test_queue_is_filtered(office: Office) -> None:
    mine, urgent, live = office.file(), office.file(urgency="urgent"), office.file(channel="live")
    office.act(handoffs.claim, mine)
    assert ids(office.do(handoffs.queue, mine=office.nurse.id)) == [mine]
    assert ids(office.do(handoffs.queue, mine=office.clerk.id)) == []
    assert ids(office.do(handoffs.queue, state="claimed")) == [mine]
    assert ids(office.do(handoffs.queue, urgency="urgent")) == [urgent]
    assert ids(office.do(handoffs.queue, channel="live")) == [live]


@pytest.mark.parametrize("state", [None, "resolved"])
def test_queue_is_read_page_by_page_without_gap(office: Office, state: str | None) -> None:
    for number in range(7):
        handoff_id = office.file(urgency=("routine", "urgent")[number % 2], at=NOON + timedelta(minutes=number // 3))
        if state:
            office.act(handoffs.resolve, handoff_id, outcome="called")
    whole = ids(office.do(handoffs.queue, state=state))
    paged: list[str] = []
    while page := ids(office.do(handoffs.queue, state=state, limit=2, before=paged[-1] if paged else None)):
        assert len(page) <= 2
        paged += page
    assert paged == whole
    assert len(whole) == 7


def test_queue_row_says_what_it_is_about_and_not_who_it_is(office: Office) -> None:
    office.file(topic="recovery", procedure="gracilis", wishes=Wishes(about="eyelid weight"), unanswered=["marked"])
    row = office.do(handoffs.queue)[0]
    assert (row.about, row.topic, row.procedure, row.state, row.version) == ("eyelid weight", "recovery", "gracilis", "waiting", 1)
    assert "Ann" not in str(row)
    assert "marked" not in str(row)


def test_due_shows_promises_that_are_still_to_be_kept(office: Office) -> None:
    tomorrow, today, called, done = office.file(at=NOON + timedelta(hours=5)), office.file(), office.file(), office.file()
    office.act(handoffs.mark_called, called)
    office.act(handoffs.resolve, done, outcome="called")
    office.act(handoffs.snooze, tomorrow, until=NOON + timedelta(days=3))
    due = office.do(handoffs.due, NOON + timedelta(hours=5))
    assert [(row.id, row.is_overdue) for row in due] == [(today, True), (tomorrow, False)]
    assert [row.is_overdue for row in office.do(handoffs.due, NOON)] == [False, False]


def test_counts_are_of_what_is_open(office: Office) -> None:
    assert office.do(handoffs.counts) == {"waiting": 0, "claimed": 0, "snoozed": 0, "urgent": 0}
    office.file(urgency="urgent")
    claimed, done = office.file(urgency="urgent"), office.file()
    office.act(handoffs.claim, claimed)
    office.act(handoffs.resolve, done, outcome="called")
    assert office.do(handoffs.counts) == {"waiting": 1, "claimed": 1, "snoozed": 0, "urgent": 1}


def test_handoffs_of_a_conversation_come_newest_first(office: Office) -> None:
    first = office.file(conversation_id="c")
    second = office.file(conversation_id="c", channel="appointment", at=NOON + timedelta(minutes=1))
    office.file()
    assert [handoff.id for handoff in office.do(handoffs.of_conversation, "c")] == [second, first]
    assert office.do(handoffs.of_conversation, "none") == []


def test_get_refuses_what_is_not_there(office: Office) -> None:
    with pytest.raises(HandoffNotFound):
        office.get("none")


def test_contact_needs_the_key(office: Office) -> None:
    handoff = office.get(office.file())
    with pytest.raises(EncryptionKeyMissing):
        handoffs.contact_of(handoff, Sealer([new_key()]))


def test_contact_is_unreadable_in_the_database(office: Office, engine: Engine) -> None:
    handoff_id = office.file()
    with engine.connect() as connection:
        stored = str(connection.execute(text("SELECT * FROM handoffs")).one())
    assert "Ann" not in stored
    assert "5550142" not in stored
    assert handoffs.contact_of(office.get(handoff_id), office.sealer) == CONTACT


def test_all_contacts_are_resealed(office: Office) -> None:
    filed = [office.file() for _ in range(5)]
    new = new_key()
    both = Sealer([new, KEY])
    after: str | None = ""
    while after is not None:
        after = office.do(handoffs.reseal_contacts, both, after, limit=2)
    assert {handoffs.contact_of(office.get(handoff_id), Sealer([new])).name for handoff_id in filed} == {"Ann Example"}
