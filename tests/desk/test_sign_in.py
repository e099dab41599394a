import hashlib
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk import passwords, sign_in, staff
from desk.errors import SignInRefused
from desk.models import SignInFailure, Staff, StaffSession
from desk.sign_in import NewSession, SessionRules
from tests.desk.conftest import AT, PASSWORD

RULES = SessionRules()
HOME, AWAY = "192.0.2.10", "198.51.100.7"


def digest(text: str) -> str:
    return hashlib.sha256(f"key {text}".encode()).hexdigest()


def attempt(
    session: Session, password: str, at: datetime, *, login: str = "dana", address: str | None = HOME, device: str | None = None
) -> NewSession:
    """What the page does."""
    begun = sign_in.begin(session, login=login, address=address, device=device, digest=digest, at=at)
    if not passwords.matches(begun.password_hash, password):
        raise SignInRefused
    return sign_in.finish(session, begun, password=password, at=at)


def wait_of(session: Session, at: datetime, **more: str | None) -> int | None:
    """Seconds that the next attempt has to wait; None when it is only wrong."""
    with pytest.raises(SignInRefused) as refused:
        attempt(session, "wrong", at, **more)  # type: ignore[arg-type]
    return refused.value.wait_seconds


def fail(session: Session, times: int, at: datetime, **more: str | None) -> datetime:
    """Fail as often as it is counted, waiting when told to; return when."""
    done = 0
    while done < times:
        wait = wait_of(session, at, **more)
        done += wait is None
        at += timedelta(seconds=wait or 0)
    return at


def test_right_password_opens_a_session(session: Session, dana: Staff) -> None:
    opened = attempt(session, PASSWORD, AT, login=" DANA ")
    person = sign_in.find(session, opened.token, rules=RULES, at=AT)
    assert person is not None
    assert (person.staff_id, person.role, person.csrf_token) == (dana.id, "agent", opened.csrf_token)


def test_only_the_hash_of_the_token_is_stored(session: Session, dana: Staff) -> None:
    opened = attempt(session, PASSWORD, AT)
    stored = session.scalars(select(StaffSession)).one()
    assert opened.token not in {stored.token_hash, stored.csrf_token}
    assert len(opened.token) >= 43


def test_every_sign_in_has_new_tokens(session: Session, dana: Staff) -> None:
    first, second = attempt(session, PASSWORD, AT), attempt(session, PASSWORD, AT)
    assert len({first.token, second.token, first.csrf_token, second.csrf_token}) == 4


@pytest.mark.parametrize("login", ["dana", "nobody", "", "x" * 10_000, "dana\x00"])
def test_wrong_is_wrong_alike(session: Session, dana: Staff, login: str) -> None:
    with pytest.raises(SignInRefused) as refused:
        attempt(session, "wrong", AT, login=login)
    assert refused.value.wait_seconds is None
    assert str(refused.value) == "The login or the password is not right."


def test_disabled_account_is_refused_like_an_unknown_one(session: Session, dana: Staff, alex: Staff) -> None:
    staff.disable(session, dana, by=alex.id, at=AT)
    begun = sign_in.begin(session, login="dana", address=HOME, device=None, digest=digest, at=AT)
    assert (begun.staff_id, begun.password_hash) == (None, None)


def test_account_disabled_meanwhile_gets_no_session(session: Session, dana: Staff, alex: Staff) -> None:
    begun = sign_in.begin(session, login="dana", address=HOME, device=None, digest=digest, at=AT)
    staff.disable(session, dana, by=alex.id, at=AT)
    with pytest.raises(SignInRefused):
        sign_in.finish(session, begun, password=PASSWORD, at=AT)


def test_waits_grow_and_end_at_a_quarter_of_an_hour(session: Session, dana: Staff) -> None:
    at = fail(session, sign_in.FREE_BY_LOGIN, AT)
    waits = []
    for _ in range(12):
        waits.append(wait_of(session, at) or 0)
        at = fail(session, 1, at + timedelta(seconds=waits[-1]))
    assert waits[:4] == [2, 4, 8, 16]
    assert max(waits) == sign_in.MAX_WAIT.total_seconds()
    assert waits == sorted(waits)


def test_attempts_while_waiting_do_not_lengthen_the_wait(session: Session, dana: Staff) -> None:
    at = fail(session, sign_in.FREE_BY_LOGIN + 5, AT)
    waits = [wait_of(session, at + timedelta(seconds=second)) or 0 for second in range(5)]
    assert waits == [waits[0] - second for second in range(5)]


def test_right_password_has_to_wait_too(session: Session, dana: Staff) -> None:
    at = fail(session, sign_in.FREE_BY_LOGIN, AT)
    with pytest.raises(SignInRefused) as refused:
        attempt(session, PASSWORD, at)
    assert refused.value.wait_seconds == 2
    assert attempt(session, PASSWORD, at + timedelta(seconds=2)).staff_id == dana.id


def test_success_takes_the_failures_back(session: Session, dana: Staff) -> None:
    at = fail(session, sign_in.FREE_BY_LOGIN - 1, AT)
    attempt(session, PASSWORD, at)
    assert session.scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_known_browser_is_not_kept_out_by_guesses_of_others(session: Session, dana: Staff) -> None:
    device = sign_in.new_device("dana", digest)
    at = fail(session, sign_in.FREE_BY_LOGIN + 6, AT, address=AWAY)
    assert attempt(session, PASSWORD, at, device=device).staff_id == dana.id


@pytest.mark.parametrize("device", ["", "x.y", "ü.ü", sign_in.new_device("alex", digest)], ids=["none", "short", "odd letters", "of alex"])
def test_browser_of_somebody_else_is_not_known(session: Session, dana: Staff, device: str) -> None:
    at = fail(session, sign_in.FREE_BY_LOGIN, AT, address=AWAY)
    assert wait_of(session, at, device=device) == 2


def test_guesses_in_a_known_browser_are_throttled_as_well(session: Session, dana: Staff) -> None:
    device = sign_in.new_device("dana", digest)
    at = fail(session, sign_in.FREE_BY_LOGIN, AT, device=device)
    assert wait_of(session, at, device=device) == 2


def test_owner_at_a_fresh_address_waits_a_quarter_of_an_hour_at_most(session: Session, dana: Staff) -> None:
    """However long somebody elsewhere goes on guessing."""
    at = AT
    while at < AT + sign_in.MAX_WAIT:
        at = fail(session, 1, at, address=AWAY)
    assert attempt(session, PASSWORD, at, address=HOME).staff_id == dana.id


def test_many_logins_from_one_address_are_throttled(session: Session, dana: Staff) -> None:
    for number in range(sign_in.FREE_BY_ADDRESS):
        fail(session, 1, AT, login=f"guess{number}")
    assert wait_of(session, AT, login="another") == 2
    assert wait_of(session, AT, login="another", address=AWAY) is None


def test_old_failures_count_no_more_and_are_deleted(session: Session, dana: Staff) -> None:
    at = fail(session, sign_in.FREE_BY_LOGIN + 3, AT) + sign_in.LOOK_BACK
    sign_in.clear(session, rules=RULES, at=at)
    assert session.scalar(select(func.count()).select_from(SignInFailure)) == 0
    assert wait_of(session, at) is None


def test_neither_logins_nor_addresses_are_stored(session: Session, dana: Staff) -> None:
    wait_of(session, AT)
    row = session.scalars(select(SignInFailure)).one()
    assert not {"dana", HOME} & {row.login_digest, row.address_digest}


@pytest.mark.parametrize(
    ("after", "is_open"),
    [(timedelta(minutes=29), True), (timedelta(minutes=30), False)],
)
def test_session_ends_when_it_is_not_used(session: Session, dana: Staff, after: timedelta, is_open: bool) -> None:
    token = sign_in.open_session(session, dana.id, at=AT).token
    assert (sign_in.find(session, token, rules=RULES, at=AT + after) is not None) == is_open


def test_session_ends_after_twelve_hours_of_use(session: Session, dana: Staff) -> None:
    token, at = sign_in.open_session(session, dana.id, at=AT).token, AT
    while (person := sign_in.find(session, token, rules=RULES, at=at)) is not None:
        sign_in.touch(session, person.token_hash, at=at)
        at += timedelta(minutes=20)
    assert at - AT == timedelta(hours=12)


def test_signed_out_session_opens_nothing_and_cannot_be_touched_open(session: Session, dana: Staff) -> None:
    token = sign_in.open_session(session, dana.id, at=AT).token
    person = sign_in.find(session, token, rules=RULES, at=AT)
    assert person is not None
    sign_in.end(session, token, at=AT)
    sign_in.touch(session, person.token_hash, at=AT)
    assert sign_in.find(session, token, rules=RULES, at=AT) is None


@pytest.mark.parametrize("token", ["", "x", "\ud800", "x" * 10_000])
def test_unknown_token_opens_nothing(session: Session, dana: Staff, token: str) -> None:
    assert sign_in.find(session, token, rules=RULES, at=AT) is None


def test_count_open_counts_browsers(session: Session, dana: Staff) -> None:
    for _ in range(3):
        token = sign_in.open_session(session, dana.id, at=AT).token
    sign_in.end(session, token, at=AT)
    assert sign_in.count_open(session, dana.id, rules=RULES, at=AT) == 2
