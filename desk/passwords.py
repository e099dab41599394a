"""Passwords of staff: which are allowed, and how they are kept (Argon2id)."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from desk.errors import PasswordWeak

MIN_LENGTH = 12
"""Source: NIST SP 800-63B-4 asks for 15 without a second factor and 8 with one; throttled sign-in stands between the two."""

MAX_LENGTH = 256
"""So that nobody makes the server hash a book."""

MIN_DIFFERENT = 5
"""`aaaaaaaaaaaa` is as long as asked, and no password."""

COMMON = frozenset(
    """
    password passw0rd passwort letmein welcome qwerty qwertz qwertyuiop qwertyuiop asdfgh asdfghjkl zxcvbnm iloveyou admin administrator
    frontdesk changeme secret monkey dragon football baseball sunshine princess master login hello clinic hospital doctor patient reception
    abc abcdef abcdefgh abcdefghijkl trustno
    """.split()
)
"""Words that most guessed passwords are made of. A password that is one of them and figures or signs around it is refused."""

_HASHER = PasswordHasher()
"""Argon2id with the library's defaults (RFC 9106, low memory: 64 MiB, 3 passes): about 50 ms."""


def check(password: str, *, login: str, name: str = "") -> None:
    """Accept a new password.

    Raises:
        PasswordWeak: too short, too long, too simple, well known, or the login name.
    """
    if len(password) < MIN_LENGTH:
        raise PasswordWeak(f"Please use at least {MIN_LENGTH} characters. A few words in a row are easy to remember.")
    if len(password) > MAX_LENGTH:
        raise PasswordWeak(f"Please use at most {MAX_LENGTH} characters.")
    if len(set(password)) < MIN_DIFFERENT or _is_a_row(password):
        raise PasswordWeak("This password is too simple. Please use more different characters.")
    if {_bare(login), _bare(name.replace(" ", ""))} & {_bare(password), password.lower()} - {""}:
        raise PasswordWeak("Please do not use your name or your login as the password.")
    if _is_common(password):
        raise PasswordWeak("This password is one of the first that are guessed. Please choose another one.")


def _bare(text: str) -> str:
    """The letters of a text: `Anna-2026` and `anna` are the same to those who guess."""
    return "".join(sign for sign in text.lower() if sign.isalpha())


def _is_common(password: str) -> bool:
    bare = _bare(password)
    return any(bare in (word, word * 2, word * 3) for word in COMMON)


def _is_a_row(password: str) -> bool:
    """Say whether each character follows the one before it, as in 123456789012."""
    steps = {ord(later) - ord(earlier) for earlier, later in zip(password, password[1:], strict=False)}
    return len(steps) == 1 or password in "12345678901234567890"


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Say whether the password belongs to the hash. None (nobody has this login) takes as long as a wrong password."""
    try:
        return _HASHER.verify(password_hash or _of_nobody(), password[:MAX_LENGTH]) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    """Say whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


@cache
def _of_nobody() -> str:
    return hash_password(secrets.token_urlsafe(16))


def random_password() -> str:
    """Return a first password that people can type: 96 random bits in groups."""
    letters = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(20))
    return "-".join(letters[start : start + 5] for start in range(0, len(letters), 5))
