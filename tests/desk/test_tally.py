from datetime import timedelta

from sqlalchemy.orm import Session

from desk import tally
from desk.models import Staff
from tests.desk.conftest import AT


def test_totals_count_each_outcome_of_one_and_of_all(session: Session, dana: Staff, alex: Staff) -> None:
    tally.count_answered(session, staff_id=dana.id, answer_id="risks/scars", answer_version=2, question="scars", at=AT)
    tally.count_not_answered(session, staff_id=dana.id, question="parking", at=AT)
    tally.count_handed_over(session, staff_id=alex.id, question="", at=AT)
    assert tally.totals(session, since=AT) == {"answered": 1, "not_answered": 1, "handed_over": 1}
    assert tally.totals(session, since=AT, staff_id=dana.id) == {"answered": 1, "not_answered": 1, "handed_over": 0}
    assert sum(tally.totals(session, since=AT + timedelta(seconds=1)).values()) == 0


def test_answered_call_keeps_which_answer(session: Session, dana: Staff) -> None:
    call = tally.count_answered(session, staff_id=dana.id, answer_id="risks/scars", answer_version=2, question=" scars\n", at=AT)
    assert (call.answer_id, call.answer_version, call.question) == ("risks/scars", 2, "scars")


def test_question_is_cut_and_cleaned(session: Session, dana: Staff) -> None:
    call = tally.count_not_answered(session, staff_id=dana.id, question="x" * 10_000, at=AT)
    assert len(call.question or "") == tally.MAX_QUESTION
    assert tally.count_not_answered(session, staff_id=dana.id, question=" \x00 ", at=AT).question is None


def test_gaps_group_what_differs_in_signs_only(session: Session, dana: Staff) -> None:
    for number, question in enumerate(["Where can I park?", "where can i park", "Do you speak Polish", ""]):
        tally.count_not_answered(session, staff_id=dana.id, question=question, at=AT + timedelta(minutes=number))
    tally.count_answered(session, staff_id=dana.id, answer_id="x", answer_version=1, question="scars", at=AT)
    gaps = tally.gaps(session, since=AT)
    assert [(gap.count, gap.questions[0]) for gap in gaps] == [(2, "where can i park"), (1, "Do you speak Polish")]


def test_own_call_can_be_taken_back_for_a_while(session: Session, dana: Staff, alex: Staff) -> None:
    call = tally.count_not_answered(session, staff_id=dana.id, question="parking", at=AT)
    assert not tally.undo(session, call_id=call.id, staff_id=alex.id, since=AT)
    assert not tally.undo(session, call_id=call.id, staff_id=dana.id, since=AT + timedelta(seconds=1))
    assert tally.undo(session, call_id=call.id, staff_id=dana.id, since=AT)
    assert sum(tally.totals(session, since=AT).values()) == 0


def test_numbers_of_persons_are_taken_out_of_the_question(session: Session, dana: Staff) -> None:
    call = tally.count_not_answered(session, staff_id=dana.id, question="call 312 555 0142 or robin@example.org about parking", at=AT)
    assert call.question
    assert "parking" in call.question
    assert not {"0142", "robin"} & set(call.question.replace("@", " ").split())
