from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from starlette.testclient import TestClient

from database.base import now
from database.engine import transaction
from desk import passwords, staff
from desk.models import SignInFailure, Staff, StaffSession
from gateway.parts import Parts
from tests.gateway.desk_person import PASSWORD, Person


@pytest.fixture(autouse=True)
def _no_failures_yet(parts: Parts) -> None:
    with transaction(parts.storage.engine) as session:
        session.execute(delete(SignInFailure))


def test_desk_sends_strangers_to_sign_in_and_back(parts: Parts, client: TestClient) -> None:
    stranger = Person(parts, client, "dana", "agent")
    response = stranger.see("/desk/assist?q=scar")
    assert (response.status_code, response.headers["Location"]) == (303, "/desk/sign-in?next=/desk/assist%3Fq%3Dscar")
    assert 'value="/desk/assist?q=scar"' in stranger.see(response.headers["Location"]).text
    assert stranger.sign_in(next="/desk/assist?q=scar").headers["Location"] == "/desk/assist?q=scar"


def test_htmx_is_told_where_to_sign_in(parts: Parts, client: TestClient) -> None:
    response = Person(parts, client, "dana", "agent").see("/desk/assist/search?q=x", headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (401, "/desk/sign-in")


@pytest.mark.parametrize("trap", ["https://evil.example", "//evil.example", "/desk//evil.example", "/desk\\evil", "/faq", "/desk/sign-out"])
def test_sign_in_leads_to_our_own_pages_only(parts: Parts, client: TestClient, trap: str) -> None:
    assert Person(parts, client, "dana", "agent").sign_in(next=trap).headers["Location"] == "/desk"


def test_session_cookie_is_closed_to_scripts_and_other_sites(parts: Parts, client: TestClient) -> None:
    response = Person(parts, client, "dana", "agent").sign_in()
    for cookie in response.headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
        assert "Path=/" in cookie


def test_pages_are_kept_by_no_cache_and_have_no_inline_script(dana: Person) -> None:
    response = dana.see("/desk/assist")
    assert response.headers["Cache-Control"] == "no-store"
    assert "script-src 'self';" in response.headers["Content-Security-Policy"]
    assert "<script>" not in response.text
    assert " style=" not in response.text
    assert " onclick=" not in response.text


@pytest.mark.parametrize(("login", "password"), [("dana", "wrong"), ("nobody", PASSWORD), ("", ""), ("' OR 1=1", "x"), ("dana\x00", "x")])
def test_wrong_sign_in_looks_the_same(parts: Parts, client: TestClient, login: str, password: str) -> None:
    stranger = Person(parts, client, "dana", "agent")
    response = stranger.browser.post("/desk/sign-in", data={"login": login, "password": password})
    assert response.status_code == 401
    assert "The login or the password is not right." in response.text
    assert "set-cookie" not in response.headers


def test_sign_in_says_how_long_to_wait(parts: Parts, client: TestClient) -> None:
    stranger = Person(parts, client, "dana", "agent")
    responses = [stranger.sign_in("wrong") for _ in range(6)]
    assert [response.status_code for response in responses] == [401] * 5 + [429]
    assert responses[-1].headers["Retry-After"] == "2"
    assert "Please wait 2 seconds" in responses[-1].text


def test_sign_in_refuses_forms_of_other_sites(parts: Parts, client: TestClient) -> None:
    stranger = Person(parts, client, "dana", "agent")
    form = {"login": "dana", "password": PASSWORD}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert stranger.browser.post("/desk/sign-in", data=form, headers=headers).status_code == 403


def test_planted_session_is_not_taken_up(parts: Parts, client: TestClient) -> None:
    """Session fixation: the token is made at sign-in, whatever the browser brought."""
    victim = Person(parts, client, "dana", "agent")
    victim.browser.cookies.set("frontdesk_session", "planted", path="/")
    victim.sign_in()
    attacker = Person(parts, client, "dana", "agent")
    attacker.browser.cookies.set("frontdesk_session", "planted", path="/")
    assert attacker.see("/desk").status_code == 303


def test_signing_in_again_ends_the_old_session_of_this_browser(dana: Person) -> None:
    before = dana.browser.cookies["frontdesk_session"]
    dana.sign_in()
    assert dana.browser.cookies["frontdesk_session"] != before
    dana.browser.cookies.clear()
    dana.browser.cookies.set("frontdesk_session", before, path="/")
    assert dana.see("/desk").status_code == 303


def test_sign_out_ends_the_session_on_the_server(dana: Person) -> None:
    token = dana.browser.cookies["frontdesk_session"]
    assert dana.do("/desk/sign-out").headers["Location"] == "/desk/sign-in"
    dana.browser.cookies.set("frontdesk_session", token, path="/")
    assert dana.see("/desk").status_code == 303


@pytest.mark.parametrize("column", ["last_seen_at", "created_at"])
def test_session_ends_when_it_is_too_old(dana: Person, parts: Parts, column: str) -> None:
    long_ago = now() - (timedelta(minutes=31) if column == "last_seen_at" else timedelta(hours=13))
    with transaction(parts.storage.engine) as session:
        session.execute(update(StaffSession).where(StaffSession.staff_id == dana.id).values({column: long_ago}))
    assert dana.see("/desk/password").status_code == 303


def test_use_keeps_a_session_alive_and_background_does_not(dana: Person, parts: Parts) -> None:
    def age() -> None:
        with transaction(parts.storage.engine) as session:
            session.execute(update(StaffSession).where(StaffSession.staff_id == dana.id).values(last_seen_at=now() - timedelta(minutes=20)))

    def idle() -> timedelta:
        with transaction(parts.storage.engine) as session:
            token = session.query(StaffSession).filter_by(staff_id=dana.id, ended_at=None).order_by(StaffSession.created_at.desc()).first()
            assert token
            return now() - token.last_seen_at

    age()
    dana.see("/desk/assist", headers={"X-Frontdesk-Background": "1"})
    assert idle() > timedelta(minutes=19)
    dana.see("/desk/assist")
    assert idle() < timedelta(minutes=1)


def test_disabled_person_is_out_at_once(dana: Person, parts: Parts) -> None:
    with transaction(parts.storage.engine) as session:
        staff.disable(session, staff.get(session, dana.id), by=None, at=now())
    assert dana.see("/desk/password").status_code == 303
    assert dana.sign_in().status_code == 401


def test_first_password_has_to_be_changed_before_anything_else(dana: Person, parts: Parts) -> None:
    with transaction(parts.storage.engine) as session:
        session.execute(update(Staff).where(Staff.id == dana.id).values(must_change_password=True))
    assert dana.see("/desk/assist").headers["Location"] == "/desk/password"
    assert dana.see("/desk/password").status_code == 200
    new = "a very different sentence"
    assert dana.do("/desk/password", old=PASSWORD, new=new, again=new).headers["Location"] == "/desk"
    assert dana.see("/desk/assist").status_code == 200
    with transaction(parts.storage.engine) as session:
        session.execute(update(Staff).where(Staff.id == dana.id).values(password_hash=passwords.hash_password(PASSWORD)))


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"old": "wrong", "new": "a very different sentence", "again": "a very different sentence"}, "old password is not right"),
        ({"old": PASSWORD, "new": "a very different sentence", "again": "another sentence"}, "not the same"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "at least 12"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "have now"),
        ({}, "at least 12"),
    ],
)
def test_password_change_is_refused_in_words(dana: Person, form: dict[str, str], words: str) -> None:
    response = dana.do("/desk/password", **form)
    assert response.status_code == 422
    assert words in response.text
    assert dana.see("/desk/assist").status_code == 200


def test_link_from_an_email_finds_the_session(dana: Person) -> None:
    """A browser sends no strict cookie with a link from elsewhere; the page then asks once more from our own site."""
    cookie = dana.browser.cookies["frontdesk_session"]
    dana.browser.cookies.clear()
    response = dana.see("/desk/assist", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 200
    assert 'http-equiv="refresh"' in response.text
    dana.browser.cookies.set("frontdesk_session", cookie, path="/")
    assert dana.see("/desk/assist", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
