import pytest

from desk import passwords
from desk.errors import PasswordWeak


@pytest.mark.parametrize("password", ["seven quiet herons", "Grüner Tee um 5 Uhr", "x7!kQ29-zzPlum", "correct horse battery staple"])
def test_check_accepts_long_passwords(password: str) -> None:
    passwords.check(password, login="dana", name="Dana Reyes")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "at least 12"),
        ("x" * 300, "at most"),
        ("aaaaaaaaaaaaaa", "too simple"),
        ("123456789012", "too simple"),
        ("abcdefghijklm", "too simple"),
        ("password1234!", "first that are guessed"),
        ("PasswordPassword", "first that are guessed"),
        ("frontdesk2026", "first that are guessed"),
        ("dana.reyes-2026", "your name or your login"),
        ("Dana Reyes 1990", "your name or your login"),
    ],
)
def test_check_refuses_what_is_guessed_first(password: str, why: str) -> None:
    with pytest.raises(PasswordWeak, match=why) as refused:
        passwords.check(password, login="dana.reyes", name="Dana Reyes")
    assert password not in str(refused.value)


def test_hash_is_argon2id_and_different_each_time() -> None:
    first, second = passwords.hash_password("seven quiet herons"), passwords.hash_password("seven quiet herons")
    assert first.startswith("$argon2id$")
    assert first != second
    assert passwords.matches(first, "seven quiet herons")


@pytest.mark.parametrize("password_hash", [None, "", "nonsense"])
def test_matches_says_no_without_a_hash(password_hash: str | None) -> None:
    assert not passwords.matches(password_hash, "seven quiet herons")


def test_matches_says_no_to_another_password() -> None:
    assert not passwords.matches(passwords.hash_password("seven quiet herons"), "seven quiet heron")


def test_nobody_takes_as_long_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []

    class Counting(passwords.PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
            verified.append(str(hash))
            return super().verify(hash, password)  # type: ignore[return-value]

    monkeypatch.setattr(passwords, "_HASHER", Counting(time_cost=1, memory_cost=8, parallelism=1))
    passwords.matches(None, "seven quiet herons")
    assert len(verified) == 1


def test_random_passwords_are_accepted_and_differ() -> None:
    made = {passwords.random_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        passwords.check(password, login="admin", name="Administrator")
