"""Signing in and staying signed in: throttled attempts, and sessions on the server that can be ended.

An attempt has three steps, since a password takes 50 ms to check and must not hold the database meanwhile:
`begin` counts it, the caller compares the password, `finish` opens the session and takes the count back.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from desk import audit, passwords
from desk.errors import SignInRefused
from desk.models import SignInFailure, Staff, StaffSession

LOOK_BACK = timedelta(hours=1)
"""Older failures count no more."""

MAX_WAIT = timedelta(minutes=15)
FREE_BY_LOGIN = 5
FREE_BY_ADDRESS = 20
"""A whole practice may sit behind one address."""

TOUCH = timedelta(minutes=1)
"""A session's last use is written this often, not with every request."""

Digest = Callable[[str], str]


@dataclass(frozen=True)
class SessionRules:
    """How long a session lives: without use, and at most."""

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)


@dataclass(frozen=True)
class Attempt:
    """A counted attempt. `staff_id` and `password_hash` are None where nobody has this login, or the account is closed."""

    failure_id: int
    login_digest: str
    staff_id: int | None
    password_hash: str | None


@dataclass(frozen=True)
class NewSession:
    """An open session. The tokens are for the browser; `token` is stored as a hash only."""

    token: str
    csrf_token: str
    staff_id: int


@dataclass(frozen=True)
class SignedIn:
    """Who sits at a signed-in browser."""

    staff_id: int
    login: str
    name: str
    role: str
    must_change_password: bool
    on_duty_until: datetime | None
    csrf_token: str
    token_hash: str
    is_stale: bool

    def is_on_duty(self, at: datetime) -> bool:
        """Say whether this person takes live chats."""
        return self.on_duty_until is not None and self.on_duty_until > at


def begin(session: Session, *, login: str, address: str | None, device: str | None, digest: Digest, at: datetime) -> Attempt:
    """Count an attempt as failed until `finish` says otherwise, so that many at once cannot slip through together. Writes.

    Args:
        address: what counts as one address; None where none is known, or for this machine.
        device: the mark of a browser in which this login has signed in before (`new_device`). It has a count of its own:
            somebody else's guesses do not keep the owner out.
        digest: a keyed digest; neither logins nor addresses are stored.

    Raises:
        SignInRefused: with the seconds to wait; the attempt is not counted then.
    """
    login = normal(login)
    known = device is not None and is_device_of(device, login, digest)
    login_digest = digest(f"sign-in login {login} {device}" if known else f"sign-in login {login}")
    address_digest = digest(f"sign-in address {address}") if address else ""
    _check_waits(session, login_digest, address_digest, is_known=known, at=at)
    failure = SignInFailure(login_digest=login_digest, address_digest=address_digest, at=at)
    session.add(failure)
    session.flush()
    account = session.scalar(select(Staff).filter_by(login=login, is_active=True))
    if account is None:
        return Attempt(failure.id, login_digest, None, None)
    return Attempt(failure.id, login_digest, account.id, account.password_hash)


def normal(login: str) -> str:
    """Return a login as it is stored; what nobody can type is left out."""
    return "".join(sign for sign in login.strip().lower()[:64] if sign.isprintable())


def _check_waits(session: Session, login_digest: str, address_digest: str, *, is_known: bool, at: datetime) -> None:
    by_login = _failures(session, SignInFailure.login_digest == login_digest, at)
    by_address = _failures(session, SignInFailure.address_digest == address_digest, at) if address_digest else _NONE
    waits = [_wait(by_address, FREE_BY_ADDRESS, at)]
    is_fresh_address = bool(address_digest) and by_address.count == 0
    has_waited_long = by_login.first is not None and at - by_login.first >= MAX_WAIT
    if is_known or not (is_fresh_address and has_waited_long):
        waits.append(_wait(by_login, FREE_BY_LOGIN, at))
    if (seconds := max(waits)) > 0:
        raise SignInRefused(seconds)


@dataclass(frozen=True)
class _Failures:
    count: int
    first: datetime | None
    last: datetime | None


_NONE = _Failures(0, None, None)


def _failures(session: Session, whose: object, at: datetime) -> _Failures:
    recent = select(SignInFailure.at).where(whose, SignInFailure.at > at - LOOK_BACK).order_by(SignInFailure.at)  # type: ignore[arg-type]
    moments = session.scalars(recent).all()
    return _Failures(len(moments), moments[0], moments[-1]) if moments else _NONE


def _wait(failures: _Failures, free: int, at: datetime) -> int:
    """Seconds until the next attempt: 0 for the first `free`, then 2, 4, 8 … from the last failure, at most MAX_WAIT."""
    over = failures.count - free
    if over < 0 or failures.last is None:
        return 0
    wait = min(timedelta(seconds=2 ** min(over + 1, 12)), MAX_WAIT)
    return max(0, math.ceil((failures.last + wait - at).total_seconds()))


def finish(session: Session, attempt: Attempt, *, password: str, at: datetime) -> NewSession:
    """Open a session for an attempt whose password was right, with fresh tokens. Takes the failures of this login back.

    Args:
        password: to store it anew where the parameters of Argon2 have grown since.

    Raises:
        SignInRefused: the account was closed meanwhile.
    """
    account = session.get(Staff, attempt.staff_id) if attempt.staff_id else None
    if account is None or not account.is_active or account.password_hash != attempt.password_hash:
        raise SignInRefused
    session.execute(delete(SignInFailure).where(SignInFailure.login_digest == attempt.login_digest))
    if passwords.needs_rehash(account.password_hash):
        account.password_hash = passwords.hash_password(password)
    audit.append(session, staff_id=account.id, action="staff.signed_in", object_kind="staff", object_id=str(account.id), details={}, at=at)
    return open_session(session, account.id, at=at)


def open_session(session: Session, staff_id: int, *, at: datetime) -> NewSession:
    """Open a session with tokens that were never used before."""
    opened = NewSession(token=secrets.token_urlsafe(32), csrf_token=secrets.token_urlsafe(32), staff_id=staff_id)
    session.add(
        StaffSession(token_hash=_hash(opened.token), staff_id=staff_id, csrf_token=opened.csrf_token, created_at=at, last_seen_at=at)
    )
    return opened


def find(session: Session, token: str, *, rules: SessionRules, at: datetime) -> SignedIn | None:
    """Return who holds this token; None when it is unknown, ended or too old, or the account is closed."""
    row = session.execute(
        select(StaffSession, Staff)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(
            StaffSession.token_hash == _hash(token),
            StaffSession.ended_at.is_(None),
            StaffSession.last_seen_at > at - rules.idle,
            StaffSession.created_at > at - rules.absolute,
            Staff.is_active.is_(True),
        )
    ).one_or_none()
    if row is None:
        return None
    opened, account = row[0], row[1]
    return SignedIn(
        staff_id=account.id,
        login=account.login,
        name=account.name,
        role=account.role,
        must_change_password=account.must_change_password,
        on_duty_until=account.on_duty_until,
        csrf_token=opened.csrf_token,
        token_hash=opened.token_hash,
        is_stale=at - opened.last_seen_at > TOUCH,
    )


def touch(session: Session, token_hash: str, *, at: datetime) -> None:
    """Note that a session is in use; one that has ended meanwhile stays ended."""
    session.execute(
        update(StaffSession).where(StaffSession.token_hash == token_hash, StaffSession.ended_at.is_(None)).values(last_seen_at=at)
    )


def end(session: Session, token: str, *, at: datetime) -> None:
    """Sign out: the token opens nothing any more."""
    session.execute(
        update(StaffSession).where(StaffSession.token_hash == _hash(token), StaffSession.ended_at.is_(None)).values(ended_at=at)
    )


def clear(session: Session, *, rules: SessionRules, at: datetime) -> None:
    """Delete failures that count no more, and sessions that opened nothing for a day."""
    session.execute(delete(SignInFailure).where(SignInFailure.at <= at - LOOK_BACK))
    session.execute(delete(StaffSession).where(StaffSession.created_at <= at - rules.absolute - timedelta(days=1)))


def count_open(session: Session, staff_id: int, *, rules: SessionRules, at: datetime) -> int:
    """Return in how many browsers a person is signed in."""
    is_open = (
        StaffSession.staff_id == staff_id,
        StaffSession.ended_at.is_(None),
        StaffSession.last_seen_at > at - rules.idle,
        StaffSession.created_at > at - rules.absolute,
    )
    return session.scalar(select(func.count()).select_from(StaffSession).where(*is_open)) or 0


def new_device(login: str, digest: Digest) -> str:
    """Return the mark of a browser in which `login` has signed in. It opens nothing."""
    number = secrets.token_urlsafe(16)
    return f"{number}.{_device_digest(number, login, digest)}"


def is_device_of(device: str, login: str, digest: Digest) -> bool:
    """Say whether this mark was given out for this login."""
    number, _, signature = device.partition(".")
    return device.isascii() and hmac.compare_digest(signature, _device_digest(number, login, digest))


def _device_digest(number: str, login: str, digest: Digest) -> str:
    return digest(f"sign-in device {number} {login}")


def _hash(token: str) -> str:
    """SHA-256 is enough: nobody guesses 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
