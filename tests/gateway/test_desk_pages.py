"""The call centre, and the pages of curators and administrators."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from database.engine import transaction
from desk.models import AuditEntry, CountedCall, Delivery, Handoff, Staff
from gateway.parts import Parts
from tests.gateway.desk_person import Person
from tests.gateway.filing import filed
from tests.gateway.visitor import Visitor

CALLER = {"name": "Robin Vale", "phone": "312 555 0142", "consent": "true", "about": "a scar", "preferred_times": "mornings"}


def count(parts: Parts, model: type[CountedCall | Handoff], **values: object) -> int:
    with transaction(parts.storage.engine) as session:
        return session.scalar(select(func.count()).select_from(model).filter_by(**values)) or 0


def test_assist_finds_while_typing(dana: Person) -> None:
    found = dana.see("/desk/assist/search?q=reco").text
    assert re.findall(r'data-id="([^"]+)"', found)[0] == "recovery/general"
    assert "Nothing is written about that" in dana.see("/desk/assist/search?q=xylophone%20").text


def test_assist_shows_the_script_first_then_text_and_sources(dana: Person) -> None:
    page = dana.see("/desk/assist/answer?id=recovery/general").text
    places = [page.index(words) for words in ("Short.", "It takes weeks.", "A page", "Not reviewed by the clinic yet.")[:2]]
    assert places == sorted(places)
    assert "https://example.org/page" in page
    assert "May 20, 2027" in page


def test_assist_works_without_scripts(dana: Person) -> None:
    page = dana.see("/desk/assist?q=recovery&answer=recovery/general").text
    assert "Short." in page
    assert 'action="/desk/assist/calls"' in page


def test_assist_does_not_show_what_is_not_published(dana: Person) -> None:
    assert dana.see("/desk/assist/answer?id=nothing/there").status_code == 404
    assert dana.do("/desk/assist/calls", outcome="answered", answer="nothing/there").status_code == 404


def test_calls_are_counted_and_can_be_taken_back(dana: Person, kim: Person, parts: Parts) -> None:
    before = count(parts, CountedCall)
    dana.do("/desk/assist/calls", outcome="answered", answer="recovery/general", question="recovery")
    response = dana.do("/desk/assist/calls", outcome="not_answered", question="Is there parking for a camper van?")
    assert count(parts, CountedCall) == before + 2
    assert "camper van" in kim.see("/desk/gaps").text
    call_id = response.headers["Location"].partition("counted=")[2]
    assert kim.do(f"/desk/assist/calls/{call_id}/undo").status_code == 404
    assert dana.do(f"/desk/assist/calls/{call_id}/undo").status_code == 303
    assert count(parts, CountedCall) == before + 1


def test_handoff_for_a_caller_is_filed_and_counted_once(dana: Person, parts: Parts) -> None:
    request, calls = str(uuid4()), count(parts, CountedCall, outcome="handed_over")
    responses = [dana.do("/desk/assist/handoff", client_request_id=request, question="scars?", **CALLER) for _ in range(2)]
    assert len({response.headers["Location"] for response in responses}) == 1
    assert count(parts, Handoff, client_request_id=request) == 1
    assert count(parts, CountedCall, outcome="handed_over") == calls + 1
    page = dana.see(responses[0].headers["Location"]).text
    assert "Robin Vale" in page
    assert "We call you" in page
    assert "The caller was on the phone" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"phone": "12"}, "phone"),
        ({"phone": "", "email": "robin@gmial.com"}, "gmail.com"),
        ({"phone": ""}, "phone"),
        ({"name": "x" * 1900}, "name"),
        ({"name": ""}, "name"),
        ({"preferred_times": "January 5, 2020"}, "preferred_times-hint"),
        ({"consent": ""}, "whether we may keep"),
    ],
)
def test_caller_form_says_what_to_mend_and_keeps_what_was_typed(dana: Person, parts: Parts, changes: dict[str, str], words: str) -> None:
    request = str(uuid4())
    form = {"client_request_id": request, "insurer": "Example Health"} | CALLER | changes
    response = dana.do("/desk/assist/handoff", **{name: value for name, value in form.items() if value})
    assert response.status_code == 422
    assert words in response.text.lower() or words in response.text
    assert 'value="Example Health"' in response.text
    assert count(parts, Handoff, client_request_id=request) == 0


def test_administrator_adds_somebody_who_can_sign_in(alex: Person, parts: Parts, client: TestClient) -> None:
    login = f"new{uuid4().hex[:8]}"
    page = alex.do("/desk/staff", login=login, name="New Person", role="agent").text
    password = re.search(r'class="secret">([^<]+)<', page)
    assert password
    newcomer = TestClient(client.app, follow_redirects=False)
    response = newcomer.post("/desk/sign-in", data={"login": login, "password": password.group(1)})
    assert response.status_code == 303
    assert newcomer.get("/desk").headers["Location"] == "/desk/password"
    assert password.group(1) not in alex.see("/desk/staff").text


def test_administrator_is_told_what_is_wrong_with_an_account(alex: Person) -> None:
    response = alex.do("/desk/staff", login="alex", name="Another", role="agent")
    assert response.status_code == 422
    assert "Somebody has this login already." in response.text
    assert 'value="Another"' in response.text


def test_administrator_disables_somebody_at_once(alex: Person, dana: Person) -> None:
    assert dana.see("/desk").status_code == 200
    assert "cannot sign in any more" in alex.do(f"/desk/staff/{dana.id}", change="disable").text
    assert dana.see("/desk").status_code == 303
    assert alex.do(f"/desk/staff/{dana.id}", change="enable").status_code == 200


def test_account_that_is_not_there_is_not_changed(alex: Person) -> None:
    assert alex.do("/desk/staff/999999", change="disable").status_code == 404


def test_dead_delivery_is_tried_again(alex: Person, parts: Parts, client: TestClient) -> None:
    handoff_id, delivery_id = filed(parts, Visitor(client)), uuid4().hex[:26]
    with transaction(parts.storage.engine) as session:
        row = {"target": "webhook", "event": "handoff.created", "number": 99, "state": "dead", "attempts": 12, "last_error": "503"}
        session.add(Delivery(id=delivery_id, handoff_id=handoff_id, **row))
    assert f"/desk/deliveries/{delivery_id}/retry" in alex.see("/desk/deliveries").text
    assert alex.do(f"/desk/deliveries/{delivery_id}/retry").status_code == 303
    with transaction(parts.storage.engine) as session:
        delivery = session.get_one(Delivery, delivery_id)
        assert (delivery.state, delivery.attempts) == ("waiting", 0)
    assert alex.do(f"/desk/deliveries/{delivery_id}/retry").status_code == 404


def test_audit_shows_who_and_whether_it_is_whole(alex: Person, parts: Parts) -> None:
    alex.see("/desk/audit")
    page = alex.see("/desk/audit?verify=true").text
    assert "staff.signed_in" in page
    assert "The chain is whole" in page
    with transaction(parts.storage.engine) as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        entry_id, before, entry.action = entry.id, entry.action, "nothing.done"
    assert "The chain is broken in 1 place" in alex.see("/desk/audit?verify=true").text
    with transaction(parts.storage.engine) as session:
        session.get_one(AuditEntry, entry_id).action = before


def test_no_page_holds_a_password_hash(alex: Person, parts: Parts) -> None:
    with transaction(parts.storage.engine) as session:
        hashes = set(session.scalars(select(Staff.password_hash)))
    for path in ("/desk/staff", "/desk/audit", "/desk"):
        text = alex.see(path).text
        assert not [one for one in hashes if one in text]
        assert "argon2" not in text
