"""Filing: written once, with its audit entry and its events, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from database.engine import transaction
from desk import handoffs
from desk.contact import Contact
from desk.errors import HandoffNotFound
from desk.models import AuditEntry, Delivery, Handoff
from desk.wishes import Wishes, read_wishes
from tests.desk.handoffs.office import CONTACT, NOON, Office


def test_filing_writes_handoff_audit_and_events(office: Office) -> None:
    wishes = Wishes(visit_type="virtual", about="eyelid weight")
    shown = [{"id": "recovery/gracilis", "version": 3, "title": "Recovery"}]
    new = office.wish(wishes=wishes, answers_shown=shown, unanswered=["why"], transcript=[{"sender": "visitor", "text": "hi"}])
    filed = office.hand_over(new)
    handoff = office.get(filed.handoff_id)
    assert filed.is_new
    assert (handoff.state, handoff.version, handoff.reference, handoff.promise) == ("waiting", 1, filed.reference, filed.promise)
    assert (handoff.answers_shown, handoff.unanswered, handoff.transcript) == (shown, ["why"], new.transcript)
    assert handoffs.wishes_of(handoff) == wishes
    assert handoffs.contact_of(handoff, office.sealer) == CONTACT
    assert office.actions() == ["handoff.filed"]
    events = office.do(lambda session: session.execute(select(Delivery.target, Delivery.event, Delivery.number, Delivery.state)).all())
    assert sorted(map(tuple, events)) == [("email", "handoff.created", 1, "waiting"), ("webhook", "handoff.created", 1, "waiting")]


def test_audit_of_a_filing_names_no_text_and_no_contact(office: Office) -> None:
    office.file(wishes=Wishes(about="marked words"), conversation_id="marked-conversation")
    entry = office.do(lambda session: session.scalars(select(AuditEntry)).one())
    assert entry.details == {"channel": "callback", "reason": "requested", "urgency": "routine"}
    assert "marked" not in f"{entry.object_id}{entry.details}"


def test_reference_is_short_clear_and_another_each_time(office: Office) -> None:
    references = {office.hand_over(office.wish()).reference for _ in range(20)}
    assert len(references) == 20
    alphabet = set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    assert all(len(each) == 12 and each[:3] == "FD-" and each[7] == "-" and set(each[3:7] + each[8:]) <= alphabet for each in references)


@pytest.mark.parametrize(
    "say", [str, str.lower, lambda text: text.replace("-", " "), lambda text: text[3:].replace("0", "o").replace("1", "l")]
)
def test_reference_is_found_as_people_say_it(office: Office, say: object) -> None:
    filed = office.hand_over(office.wish())
    assert callable(say)
    assert office.do(handoffs.by_reference, say(filed.reference)).id == filed.handoff_id


@pytest.mark.parametrize("text", ["", "FD-", "FD-0000-0000", "\x00", "x" * 10_000, "FD-%%%%-%%%%"])
def test_unknown_reference_is_refused(office: Office, text: str) -> None:
    office.file()
    with pytest.raises(HandoffNotFound):
        office.do(handoffs.by_reference, text)


def test_same_request_again_is_the_same_handoff(office: Office) -> None:
    new = office.wish()
    first = office.hand_over(new)
    again = office.hand_over(replace(new, contact=Contact(name="Other", phone="+13125550143")))
    assert again == replace(first, is_new=False)
    assert (office.count(Handoff), office.count(Delivery), office.actions()) == (1, 2, ["handoff.filed"])


def test_same_content_is_the_same_handoff_within_a_day(office: Office) -> None:
    new = office.wish()
    first = office.hand_over(new)
    again = office.hand_over(replace(new, client_request_id="another"), at=NOON + timedelta(hours=23))
    assert (again.handoff_id, again.is_new) == (first.handoff_id, False)
    later = office.hand_over(replace(new, client_request_id="much later"), at=NOON + timedelta(hours=25))
    assert later.is_new


def test_same_content_is_found_after_the_key_was_exchanged(office: Office) -> None:
    new = office.wish()
    first = office.hand_over(new)
    office.sealer = office.with_new_key()
    assert office.hand_over(replace(new, client_request_id="another")).handoff_id == first.handoff_id


def test_same_words_on_another_day_are_the_same_wish(office: Office) -> None:
    said = {"preferred_times": "mornings"}
    wishes = [read_wishes(said, now=NOON + timedelta(hours=hours), clinic=office.clinic) for hours in (0, 23)]
    assert wishes[0].from_ != wishes[1].from_
    new = office.wish(wishes=wishes[0])
    first = office.hand_over(new)
    assert office.hand_over(replace(new, wishes=wishes[1], client_request_id="another")).handoff_id == first.handoff_id


@pytest.mark.parametrize(
    "change",
    [
        {"contact": Contact(name="Ann Example", email="ann@example.org")},
        {"channel": "appointment"},
        {"urgency": "urgent"},
        {"wishes": Wishes(about="something else")},
        {"conversation_id": "another conversation"},
    ],
)
def test_other_content_is_another_handoff(office: Office, change: dict[str, object]) -> None:
    new = office.wish()
    office.hand_over(new)
    assert office.hand_over(replace(new, client_request_id="another", **change)).is_new


def test_same_content_is_filed_anew_when_the_first_one_is_resolved(office: Office) -> None:
    new = office.wish()
    office.act(handoffs.resolve, office.hand_over(new).handoff_id, outcome="called")
    assert office.hand_over(replace(new, client_request_id="another")).is_new


def test_staff_file_for_a_caller_once(office: Office) -> None:
    call = office.wish(conversation_id=None, reason="call")
    first, again = office.hand_over(call, by=office.nurse), office.hand_over(call, by=office.nurse)
    assert (again.handoff_id, again.is_new) == (first.handoff_id, False)
    assert office.hand_over(replace(call, client_request_id="the next caller"), by=office.nurse).is_new
    assert office.do(lambda session: set(session.scalars(select(AuditEntry.staff_id)))) == {office.nurse.id}


def test_nothing_is_there_when_the_transaction_fails(office: Office) -> None:
    def fail() -> None:
        with transaction(office.engine) as session:
            handoffs.file(session, office.wish(), clinic=office.clinic, sealer=office.sealer, targets=["email"], at=NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (office.count(Handoff), office.count(Delivery), office.count(AuditEntry)) == (0, 0, 0)


def test_filing_without_targets_puts_nothing_on_its_way(office: Office) -> None:
    office.file(targets=())
    assert (office.count(Handoff), office.count(Delivery)) == (1, 0)


@pytest.mark.parametrize("same", ["client_request_id", "content"])
def test_concurrent_submissions_make_one_handoff(office: Office, same: str) -> None:
    new = office.wish()
    wishes = [new if same == "client_request_id" else replace(new, client_request_id=f"tab {number}") for number in range(6)]
    with ThreadPoolExecutor(6) as threads:
        filed = list(threads.map(office.hand_over, wishes))
    assert len({each.reference for each in filed}) == 1
    assert sorted(each.is_new for each in filed) == [False] * 5 + [True]
    assert (office.count(Handoff), office.count(Delivery), office.actions()) == (1, 2, ["handoff.filed"])


def test_promise_is_kept_as_it_was_told(office: Office) -> None:
    filed = office.hand_over(office.wish())
    handoff = office.get(filed.handoff_id)
    assert filed.promise == "We call you today between 1:00 PM and 5:00 PM."
    assert handoff.promised_from == datetime(2026, 11, 23, 19, tzinfo=UTC)
    assert handoff.promised_until == datetime(2026, 11, 23, 23, tzinfo=UTC)


def test_promise_follows_the_wish_and_the_way_to_reach(office: Office) -> None:
    tuesday = read_wishes({"preferred_times": "Tuesday after 3"}, now=NOON, clinic=office.clinic)
    assert office.hand_over(office.wish(wishes=tuesday)).promise == "We call you on Tuesday, November 24, between 3:00 PM and 5:00 PM."
    by_mail = office.wish(channel="appointment", wishes=tuesday, contact=Contact(name="Ann", email="ann@example.org"))
    assert office.hand_over(by_mail).promise == "We write to you today between 1:00 PM and 5:00 PM."
