"""Sealing: nothing to read without the key, and keys that can be exchanged."""

import pytest

from desk.encryption import Sealer, new_key
from desk.errors import EncryptionKeyInvalid, EncryptionKeyMissing

ANN = {"name": "Ann Example", "phone": "+13125550142"}


def test_sealed_values_come_back() -> None:
    sealer = Sealer([new_key()])
    sealed = sealer.seal(ANN)
    assert b"Ann" not in sealed
    assert sealer.open(sealed) == ANN
    assert sealer.seal(ANN) != sealed


def test_new_key_seals_and_old_key_opens() -> None:
    old, new = new_key(), new_key()
    before = Sealer([old]).seal(ANN)
    both = Sealer.from_keys(f"{new}, {old}")
    assert both.open(before) == ANN
    assert Sealer([new]).open(both.seal(ANN)) == ANN
    assert Sealer([new]).open(both.reseal(before)) == ANN


def test_other_key_opens_nothing() -> None:
    sealed = Sealer([new_key()]).seal(ANN)
    with pytest.raises(EncryptionKeyMissing, match="FRONTDESK_CONTACT_KEYS"):
        Sealer([new_key()]).open(sealed)
    with pytest.raises(EncryptionKeyMissing):
        Sealer([new_key()]).reseal(sealed)


def test_changed_bytes_are_refused() -> None:
    sealer = Sealer([new_key()])
    sealed = bytearray(sealer.seal(ANN))
    sealed[40] ^= 1
    with pytest.raises(EncryptionKeyMissing):
        sealer.open(bytes(sealed))


@pytest.mark.parametrize("keys", ["", " , ", "secret", "x" * 44, f"{'A' * 43}=,nonsense"])
def test_keys_that_are_none_are_refused_without_repeating_them(keys: str) -> None:
    with pytest.raises(EncryptionKeyInvalid) as caught:
        Sealer.from_keys(keys)
    assert "nonsense" not in str(caught.value)
    assert "Fernet.generate_key" in str(caught.value)


def test_digest_finds_equal_texts_across_a_rotation() -> None:
    old, new = new_key(), new_key()
    stored = Sealer([old]).digest("ann@example.org")
    assert stored in Sealer([new, old]).digests("ann@example.org")
    assert stored not in Sealer([new, old]).digests("bob@example.org")
    assert Sealer([new, old]).digest("ann@example.org") == Sealer([new]).digest("ann@example.org")
