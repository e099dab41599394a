from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from desk import passwords, sign_in, staff
from desk.errors import PasswordWeak, StaffInvalid
from desk.models import Staff
from desk.sign_in import SessionRules
from tests.desk.conftest import AT, PASSWORD, make_staff

RULES = SessionRules()


def create(session: Session, **changes: str) -> Staff:
    given = {"login": "dana", "name": "Dana", "role": "agent", "password": PASSWORD} | changes
    return staff.create(session, by=None, at=AT, **given)


def test_create_makes_an_account_that_has_to_choose_its_password(session: Session) -> None:
    account = create(session, login=" Dana.R@clinic.example.org ")
    assert (account.login, account.role, account.is_active) == ("dana.r@clinic.example.org", "agent", True)
    assert account.must_change_password
    assert passwords.matches(account.password_hash, PASSWORD)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"login": "x"}, "login"),
        ({"login": "has space"}, "login"),
        ({"login": "<b>bold</b>"}, "login"),
        ({"login": "DANA"}, "login"),
        ({"name": " \u200b "}, "name"),
        ({"name": "n" * 10_000}, "name"),
        ({"role": "owner"}, "role"),
    ],
)
def test_create_refuses_what_is_no_account(session: Session, changes: dict[str, str], field: str) -> None:
    make_staff(session, "dana")
    with pytest.raises(StaffInvalid) as refused:
        create(session, **({"login": "other"} | changes))
    assert refused.value.field == field


def test_create_refuses_a_weak_password(session: Session) -> None:
    with pytest.raises(PasswordWeak):
        create(session, password="dana")


def test_first_administrator_is_made_once(session: Session) -> None:
    password = staff.first_administrator(session, at=AT)
    account = staff.find(session, "admin")
    assert password is not None
    assert passwords.matches(account.password_hash, password)
    assert (account.role, account.must_change_password) == ("admin", True)
    assert staff.first_administrator(session, at=AT) is None


def test_first_administrator_is_not_made_beside_others(session: Session, dana: Staff) -> None:
    assert staff.first_administrator(session, at=AT) is None


@pytest.mark.parametrize("how", ["disable", "set_password", "set_role", "reset_password"])
def test_changes_of_an_account_end_its_sessions(session: Session, dana: Staff, alex: Staff, how: str) -> None:
    token = sign_in.open_session(session, dana.id, at=AT).token
    kept = sign_in.open_session(session, alex.id, at=AT).token
    match how:
        case "disable":
            staff.disable(session, dana, by=alex.id, at=AT)
        case "set_password":
            staff.set_password(session, dana, "another good sentence", by=dana.id, at=AT)
        case "set_role":
            staff.set_role(session, dana, "curator", by=alex.id, at=AT)
        case _:
            staff.reset_password(session, dana, by=alex.id, at=AT)
    assert sign_in.find(session, token, rules=RULES, at=AT) is None
    assert sign_in.find(session, kept, rules=RULES, at=AT) is not None


def test_disabled_account_is_off_duty_and_can_be_opened_again(session: Session, dana: Staff, alex: Staff) -> None:
    staff.go_on_duty(session, dana, at=AT)
    staff.disable(session, dana, by=alex.id, at=AT)
    assert not staff.is_anybody_on_duty(session, at=AT)
    staff.enable(session, dana, by=alex.id, at=AT)
    assert (dana.is_active, dana.on_duty_until) == (True, None)


@pytest.mark.parametrize("how", ["disable", "demote"])
def test_last_administrator_stays(session: Session, alex: Staff, how: str) -> None:
    with pytest.raises(StaffInvalid, match="last administrator"):
        if how == "disable":
            staff.disable(session, alex, by=alex.id, at=AT)
        else:
            staff.set_role(session, alex, "agent", by=alex.id, at=AT)
    assert (alex.is_active, alex.role) == (True, "admin")


def test_second_to_last_administrator_may_go(session: Session, alex: Staff) -> None:
    make_staff(session, "sam", "admin")
    staff.disable(session, alex, by=None, at=AT)
    assert not alex.is_active


def test_password_set_by_oneself_stays_and_by_others_has_to_be_changed(session: Session, dana: Staff, alex: Staff) -> None:
    staff.set_password(session, dana, "another good sentence", by=dana.id, at=AT)
    assert not dana.must_change_password
    password = staff.reset_password(session, dana, by=alex.id, at=AT)
    assert dana.must_change_password
    assert passwords.matches(dana.password_hash, password)


def test_password_that_one_has_is_refused(session: Session, dana: Staff) -> None:
    with pytest.raises(StaffInvalid, match="have now"):
        staff.set_password(session, dana, PASSWORD, by=dana.id, at=AT)


def test_duty_ends_by_itself(session: Session, dana: Staff) -> None:
    staff.go_on_duty(session, dana, at=AT)
    assert staff.is_anybody_on_duty(session, at=AT)
    assert not staff.is_anybody_on_duty(session, at=AT + timedelta(hours=staff.DUTY_HOURS))
    staff.go_off_duty(session, dana, at=AT)
    assert not staff.is_anybody_on_duty(session, at=AT)


def test_find_and_get_refuse_what_is_not_there(session: Session) -> None:
    with pytest.raises(StaffInvalid):
        staff.find(session, "nobody")
    with pytest.raises(StaffInvalid):
        staff.get(session, 4711)


def test_everybody_lists_the_disabled_last(session: Session, dana: Staff, alex: Staff) -> None:
    make_staff(session, "bo")
    staff.disable(session, dana, by=alex.id, at=AT)
    assert [account.login for account in staff.everybody(session)] == ["alex", "bo", "dana"]
