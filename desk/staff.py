"""Staff accounts: who may sign in, as what, and who is on duty. Accounts are disabled, never deleted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from desk import audit, passwords
from desk.errors import StaffInvalid
from desk.models import ROLES, Staff, StaffSession
from language.text import clean

DUTY_HOURS = 12
"""Nobody stays on duty overnight because of a forgotten switch."""

FIRST_LOGIN = "admin"
MAX_NAME = 80
_LOGIN = re.compile(r"^[a-z0-9][a-z0-9._@+-]{1,63}$")


def create(session: Session, *, login: str, name: str, role: str, password: str, by: int | None, at: datetime) -> Staff:
    """Add an account; its password has to be changed at the first sign-in.

    Raises:
        StaffInvalid: the login is taken or malformed, the name is empty, or there is no such role.
        PasswordWeak: see `passwords.check`.
    """
    login, name = login.strip().lower(), clean(name)
    _check(session, login=login, name=name, role=role)
    passwords.check(password, login=login, name=name)
    account = Staff(
        login=login, name=name, role=role, password_hash=passwords.hash_password(password), must_change_password=True, created_at=at
    )
    session.add(account)
    session.flush()
    _note(session, account, "staff.created", by, at, role=role)
    return account


def _check(session: Session, *, login: str, name: str, role: str) -> None:
    if not _LOGIN.match(login):
        raise StaffInvalid("login", "A login has 2 to 64 characters: letters without accents, figures, and . _ @ + - are fine.")
    if not name or len(name) > MAX_NAME:
        raise StaffInvalid("name", f"Please give a name of at most {MAX_NAME} characters. Visitors see it in a live chat.")
    if role not in ROLES:
        raise StaffInvalid("role", f"The role is one of {', '.join(ROLES)}.")
    if session.scalar(select(exists().where(Staff.login == login))):
        raise StaffInvalid("login", "Somebody has this login already.")


def first_administrator(session: Session, *, at: datetime) -> str | None:
    """Create the account `admin` where there is no account at all; return its password, which is stored nowhere. Else None."""
    if session.scalar(select(exists().select_from(Staff))):
        return None
    password = passwords.random_password()
    create(session, login=FIRST_LOGIN, name="Administrator", role="admin", password=password, by=None, at=at)
    return password


def find(session: Session, login: str) -> Staff:
    """Return the account with this login.

    Raises:
        StaffInvalid: there is none.
    """
    account = session.scalar(select(Staff).filter_by(login=login.strip().lower()))
    if account is None:
        raise StaffInvalid("login", "Nobody has this login.")
    return account


def get(session: Session, staff_id: int) -> Staff:
    """Return the account with this id.

    Raises:
        StaffInvalid: there is none.
    """
    account = session.get(Staff, staff_id)
    if account is None:
        raise StaffInvalid("id", "There is no such account.")
    return account


def everybody(session: Session) -> Sequence[Staff]:
    """Return all accounts: the active ones first, then by name."""
    return session.scalars(select(Staff).order_by(Staff.is_active.desc(), func.lower(Staff.name), Staff.id)).all()


def names(session: Session) -> dict[int, str]:
    """Return the name of each account by its id."""
    return {row.id: row.name for row in session.execute(select(Staff.id, Staff.name))}


def disable(session: Session, account: Staff, *, by: int | None, at: datetime) -> None:
    """Close an account at once: its sessions end, and nobody can sign in with it.

    Raises:
        StaffInvalid: it is the last administrator.
    """
    _keep_one_administrator(session, account)
    account.is_active, account.on_duty_until = False, None
    end_sessions(session, account.id, at=at)
    _note(session, account, "staff.disabled", by, at)


def enable(session: Session, account: Staff, *, by: int | None, at: datetime) -> None:
    """Open an account again. Its password stays."""
    account.is_active = True
    _note(session, account, "staff.enabled", by, at)


def set_role(session: Session, account: Staff, role: str, *, by: int | None, at: datetime) -> None:
    """Give an account another role; its sessions end, so that no open page shows what is closed now.

    Raises:
        StaffInvalid: no such role, or the last administrator would lose it.
    """
    if role not in ROLES:
        raise StaffInvalid("role", f"The role is one of {', '.join(ROLES)}.")
    if role == account.role:
        return
    _keep_one_administrator(session, account)
    _note(session, account, "staff.role_changed", by, at, before=account.role, after=role)
    account.role = role
    end_sessions(session, account.id, at=at)


def _keep_one_administrator(session: Session, account: Staff) -> None:
    others = select(exists().where(Staff.role == "admin", Staff.is_active.is_(True), Staff.id != account.id))
    if account.role == "admin" and account.is_active and not session.scalar(others):
        raise StaffInvalid("role", "This is the last administrator. Please make somebody else one first.")


def set_password(session: Session, account: Staff, password: str, *, by: int | None, at: datetime) -> None:
    """Replace the password and end all sessions of the account. Set by somebody else, it has to be changed at the next sign-in.

    Raises:
        PasswordWeak: see `passwords.check`; also for the password that it has now.
    """
    passwords.check(password, login=account.login, name=account.name)
    if passwords.matches(account.password_hash, password):
        raise StaffInvalid("password", "This is the password that you have now. Please choose another one.")
    account.password_hash = passwords.hash_password(password)
    account.must_change_password = by != account.id
    end_sessions(session, account.id, at=at)
    _note(session, account, "staff.password_changed", by, at)


def reset_password(session: Session, account: Staff, *, by: int | None, at: datetime) -> str:
    """Give the account a random password; return it, to be told to its owner."""
    password = passwords.random_password()
    set_password(session, account, password, by=by, at=at)
    account.must_change_password = True
    return password


def end_sessions(session: Session, staff_id: int, *, at: datetime) -> None:
    """Sign the person out everywhere."""
    session.execute(update(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None)).values(ended_at=at))


def go_on_duty(session: Session, account: Staff, *, at: datetime) -> None:
    """Offer live chats to visitors, until DUTY_HOURS from now at the latest."""
    account.on_duty_until = at + timedelta(hours=DUTY_HOURS)
    _note(session, account, "staff.on_duty", account.id, at)


def go_off_duty(session: Session, account: Staff, *, at: datetime) -> None:
    """Take no new live chats."""
    account.on_duty_until = None
    _note(session, account, "staff.off_duty", account.id, at)


def is_anybody_on_duty(session: Session, *, at: datetime) -> bool:
    """Say whether somebody takes live chats now."""
    on_duty = Staff.is_active.is_(True), Staff.on_duty_until > at, Staff.role.in_(("agent", "admin"))
    return bool(session.scalar(select(exists().where(*on_duty))))


def _note(session: Session, account: Staff, action: str, by: int | None, at: datetime, **details: str) -> None:
    audit.append(session, staff_id=by, action=action, object_kind="staff", object_id=str(account.id), details=details, at=at)
